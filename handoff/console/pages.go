package console

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"supportbot"
	"supportbot/handoff"
)

//go:embed pages/*.html static/* words.json
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{"dict": dict}).ParseFS(files, "pages/*.html"))

// dict gives a template that is used within another one several values by name.
func dict(pairs ...any) map[string]any {
	values := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i].(string)] = pairs[i+1]
	}
	return values
}

// words are the labels of the pages by key and language.
var words = func() map[string]map[supportbot.Language]string {
	var all map[string]map[supportbot.Language]string
	data, err := files.ReadFile("words.json")
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil {
		panic("console: words.json: " + err.Error()) // built in, so a test finds it first
	}
	return all
}()

// page is what the templates know.
type page struct {
	Lang    supportbot.Language
	Agent   string
	Notice  string
	Name    string         // as typed into the log-in form
	Problem string         // key of what went wrong, "" if nothing did
	Reports bool           // there are pages of reports for this agent
	Library bool           // there are pages of the content
	Boss    bool           // is a supervisor or an admin
	Admin   bool           // is an admin
	Assists bool           // there is an assistant
	Codes   []handoff.Code // of the desk: what a case may come to
	Company bool           // agents may log in by the company's log-in
	Shut    bool           // and nobody by password
	Folded  bool           // or one, and the form for it is folded away
	Next    string         // where a log-in leads, "" for the desk
	Here    string         // the page's path, where it is not that of the request
	Body    any            // what one page shows that others do not
}

// T returns the label of a key with values for {0}, {1} …; a template with an
// unknown key fails.
func (p page) T(key string, values ...any) (string, error) {
	label, ok := words[key][p.Lang]
	if !ok {
		return "", fmt.Errorf("no label %q in %s", key, p.Lang)
	}
	return fill(label, values...), nil
}

// JSON writes a value for the page's script, into an attribute.
func (page) JSON(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}

// fill puts values into a label.
func fill(label string, values ...any) string {
	for i, value := range values {
		label = strings.ReplaceAll(label, fmt.Sprintf("{%d}", i), fmt.Sprint(value))
	}
	return label
}

// Words returns all labels in the page's language, for the script.
func (p page) Words() map[string]string {
	all := make(map[string]string, len(words))
	for key, label := range words {
		all[key] = label[p.Lang]
	}
	return all
}

// InContent tells whether the page is about the content: all are that have a body and
// no other place.
func (p page) InContent() bool {
	others := []string{"/console/account", "/console/board", "/console/agents", "/console/hours", "/console/reports"}
	return p.Body != nil && !slices.Contains(others, p.Here)
}

// Verdicts lists what an agent may give.
func (page) Verdicts() []supportbot.Verdict { return supportbot.AgentVerdicts }

// Shortcuts lists what a single key does on the desk; static/keymap.js has the keys.
func (page) Shortcuts() []string {
	return []string{"next", "previous", "accept", "note", "reply", "outcome", "decline", "pass", "search", "help"}
}

// page serves a page to those whom its rule lets in and shows strangers the way
// to the log-in; being there renews an agent's leases.
func (c *Console) page(serve apiHandler) guarded {
	return func(rule rule) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			agent, err := c.caller(r, rule)
			if errors.Is(err, supportbot.ErrNotFound) {
				http.Redirect(w, r, c.loginPath(r), http.StatusSeeOther)
				return
			}
			if byToken(r) && err != nil {
				c.fail(w, r, err)
				return
			}
			if err != nil {
				c.broken(w, r, err)
				return
			}
			ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
			defer cancel()
			r = r.WithContext(ctx)
			switch err := c.admit(r, rule, agent); {
			case errors.Is(err, errFactor):
				http.Redirect(w, r, "/console/account", http.StatusSeeOther)
			case err != nil:
				c.refusePage(w, r, agent, err)
			default:
				c.renew(ctx, agent.Name)
				serve(w, r, agent)
			}
		})
	}
}

// loginPath is where a stranger is sent who asks for a page. The company's log-in
// leads back to it.
func (c *Console) loginPath(r *http.Request) string {
	if c.provider == nil || r.Method != http.MethodGet || r.URL.Path == "/console/" {
		return "/console/login"
	}
	return "/console/login?next=" + url.QueryEscape(r.URL.RequestURI())
}

// home shows the desk.
func (c *Console) home(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	p := c.placed(agent, "/console/")
	p.Notice, p.Codes = c.desk.Notice(), c.codes()
	c.render(w, r, http.StatusOK, "console.html", p)
}

// render makes the whole page before it sends the first byte, so that a failure
// is a clean error.
func (c *Console) render(w http.ResponseWriter, r *http.Request, status int, name string, p page) {
	p.Lang, p.Library, p.Assists = c.language(w, r), c.library != nil, c.assistant != nil
	p.Company, p.Shut, p.Folded = c.provider != nil, c.oidcOnly && c.breakGlass == "", c.oidcOnly
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name, p); err != nil {
		c.broken(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // a browser that has gone cannot be told
}

// broken answers a page that could not be made.
func (c *Console) broken(w http.ResponseWriter, r *http.Request, err error) {
	c.log.ErrorContext(r.Context(), "console: page failed", slog.String("route", r.Pattern), slog.Any("error", err))
	http.Error(w, "500 · 暂时无法处理，请稍后再试 · Something went wrong, please try again", http.StatusInternalServerError)
}

// language follows the switch (?lang=), which is remembered for a year, and
// else the browser's first language that the console speaks.
func (c *Console) language(w http.ResponseWriter, r *http.Request) supportbot.Language {
	const name = "supportbot_language"
	if lang := supportbot.Language(r.URL.Query().Get("lang")); lang.Valid() {
		http.SetCookie(w, &http.Cookie{
			Name: name, Value: string(lang), Path: "/console/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.secure,
		})
		return lang
	}
	if cookie, err := r.Cookie(name); err == nil && supportbot.Language(cookie.Value).Valid() {
		return supportbot.Language(cookie.Value)
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		primary := strings.FieldsFunc(strings.ToLower(tag), func(r rune) bool { return strings.ContainsRune(" -_;", r) })
		if len(primary) > 0 && supportbot.Language(primary[0]).Valid() {
			return supportbot.Language(primary[0])
		}
	}
	return supportbot.English
}

// serveStatic serves scripts, style sheets and the icon.
func serveStatic(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache") // ask each time, so that a new version is never mixed with an old page
	http.ServeFileFS(w, r, files, strings.TrimPrefix(r.URL.Path, "/console/"))
}
