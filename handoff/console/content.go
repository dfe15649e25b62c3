package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"supportbot"
	"supportbot/handoff"
)

func (c *Console) libraryRoutes() map[string]guarded {
	return map[string]guarded{
		"GET /console/content":                            c.page(c.versionsPage),
		"POST /console/content/{version}/publish":         c.page(c.changeForm("published", c.library.Publish)),
		"GET /console/content/{version}/retire":           c.page(c.retirePage),
		"POST /console/content/{version}/retire":          c.page(c.changeForm("retired", c.library.Retire)),
		"GET /console/content/{version}/preview":          c.page(c.previewPage),
		"GET /console/content/{version}/flows":            c.page(c.flowsPage),
		"GET /console/content/{version}/flows/{flow}":     c.page(c.flowPage),
		"GET /console/api/content":                        c.api(c.versions),
		"POST /console/api/content/{version}/publish":     c.api(c.change(c.library.Publish)),
		"GET /console/api/content/{version}/retirement":   c.api(c.retirement),
		"POST /console/api/content/{version}/retire":      c.api(c.change(c.library.Retire)),
		"POST /console/api/content/{version}/preview":     c.api(c.preview),
		"GET /console/api/content/{version}/flows/{flow}": c.api(c.flow),
	}
}

var errOvertaken = errors.New("another version is in force than the one you saw; look again")

// changer is Library.Publish or Library.Retire.
type changer func(ctx context.Context, version, by string) error

// changeVersion publishes or retires. Both depend on which version is in force:
// whoever saw another one there than is there now must look again.
func (c *Console) changeVersion(r *http.Request, agent handoff.Agent, change changer, seen string) error {
	versions, err := c.library.Versions(r.Context())
	if err != nil {
		return err
	}
	if seen != "" && seen != inForce(versions) {
		return errOvertaken
	}
	return change(r.Context(), r.PathValue("version"), agent.Name)
}

// inForce is the id of the version in force, "" if there is none.
func inForce(versions []supportbot.ContentVersion) string {
	for _, v := range versions {
		if v.Current {
			return v.ID
		}
	}
	return ""
}

// version returns one version, the id of the one in force, and
// supportbot.ErrNotFound if there is no such version.
func (c *Console) version(ctx context.Context, id string) (v supportbot.ContentVersion, current string, err error) {
	versions, err := c.library.Versions(ctx)
	if err != nil {
		return v, "", err
	}
	i := slices.IndexFunc(versions, func(v supportbot.ContentVersion) bool { return v.ID == id })
	if i < 0 {
		return v, "", fmt.Errorf("%w: version %q", supportbot.ErrNotFound, id)
	}
	return versions[i], inForce(versions), nil
}

// refusal tells which status a failed call has, and the key of what to say on a
// page; "" if the server is at fault.
func refusal(err error) (status int, key string) {
	switch {
	case errors.Is(err, errRole):
		return http.StatusForbidden, "refused.role"
	case errors.Is(err, errOvertaken):
		return http.StatusConflict, "refused.overtaken"
	case errors.Is(err, supportbot.ErrNotFound):
		return http.StatusNotFound, "refused.unknown"
	case errors.Is(err, supportbot.ErrInvalid):
		return http.StatusBadRequest, "refused.cannot"
	}
	return http.StatusInternalServerError, ""
}

// versionsBody is what the list of versions shows.
type versionsBody struct {
	Versions   []supportbot.ContentVersion
	Current    string          // the id of the one in force
	Older      map[string]bool // by id: older than the one in force
	MayPublish bool
	Missed     bool   // there is a page of what was not understood, and the agent may see it
	Reason     string // of a problem, in the library's own words
	Told       string // key of what has just been done, "" if nothing was
	Version    string // to which version
}

func (c *Console) versionsPage(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	c.showVersions(w, r, agent, http.StatusOK, "", "")
}

// showVersions shows the list, with the key of a problem and the library's own
// reason if there is one.
func (c *Console) showVersions(w http.ResponseWriter, r *http.Request, agent handoff.Agent, status int, problem, reason string) {
	versions, err := c.library.Versions(r.Context())
	if err != nil {
		c.broken(w, r, err)
		return
	}
	body := versionsBody{Versions: versions, Current: inForce(versions), Older: map[string]bool{}, MayPublish: agent.Role.Includes(access["POST /console/content/{version}/publish"].least), Reason: reason}
	body.Missed = c.lessons != nil && agent.Role.Includes(access["GET /console/missed"].least)
	told, about := r.URL.Query().Get("told"), r.URL.Query().Get("version")
	passed := false // the one in force, so that what comes now is older
	for _, v := range versions {
		body.Older[v.ID] = passed
		passed = passed || v.Current
		if v.ID == about && (told == "published" || told == "retired") {
			body.Told, body.Version = "told."+told, about
		}
	}
	c.render(w, r, status, "content.html", page{
		Agent: agent.Name, Notice: c.desk.Notice(), Problem: problem, Here: "/console/content", Body: body,
	})
}

// changeForm serves the buttons of the pages: it publishes or retires, and shows
// the list of versions as it then is.
func (c *Console) changeForm(what string, change changer) apiHandler {
	return func(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		err := c.changeVersion(r, agent, change, r.PostFormValue("current"))
		if err != nil {
			c.refusePage(w, r, agent, err)
			return
		}
		done := url.Values{"told": {what}, "version": {r.PathValue("version")}}
		http.Redirect(w, r, "/console/content?"+done.Encode(), http.StatusSeeOther)
	}
}

// refusePage shows the list of versions with what was wrong.
func (c *Console) refusePage(w http.ResponseWriter, r *http.Request, agent handoff.Agent, err error) {
	status, key := refusal(err)
	if key == "" {
		c.broken(w, r, err)
		return
	}
	reason := ""
	if errors.Is(err, supportbot.ErrInvalid) {
		reason = err.Error()
	}
	c.showVersions(w, r, agent, status, key, reason)
}

// retireBody is what is asked before a version is retired.
type retireBody struct {
	Version    supportbot.ContentVersion
	Current    string
	Retirement Retirement
}

func (c *Console) retirePage(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	v, current, err := c.version(r.Context(), r.PathValue("version"))
	if err != nil {
		c.refusePage(w, r, agent, err)
		return
	}
	if v.Current || v.Retired {
		c.refusePage(w, r, agent, fmt.Errorf("%w: version %s is in force, or retired already", supportbot.ErrInvalid, v.ID))
		return
	}
	will, err := c.library.Retirement(r.Context(), v.ID)
	if err != nil {
		c.refusePage(w, r, agent, err)
		return
	}
	c.render(w, r, http.StatusOK, "retire.html", page{Agent: agent.Name, Body: retireBody{Version: v, Current: current, Retirement: will}})
}

// previewBody is what the preview offers.
type previewBody struct {
	Version  string
	Channels []supportbot.Channel
	Keys     []string // of a telephone
	Waits    []string // times that can pass
}

func (c *Console) previewPage(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	v, _, err := c.version(r.Context(), r.PathValue("version"))
	if err != nil {
		c.refusePage(w, r, agent, err)
		return
	}
	c.render(w, r, http.StatusOK, "preview.html", page{Agent: agent.Name, Body: previewBody{
		Version: v.ID, Channels: previewChannels, Keys: strings.Fields("1 2 3 4 5 6 7 8 9 * 0 #"), Waits: []string{"5m", "20m", "1h", "24h"},
	}})
}
