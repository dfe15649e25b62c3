package telephone

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"supportbot/channels"
)

// TextsPath is where telephones send and read messages.
const TextsPath = PagePath + "/texts"

// Post stands for Twilio's messages without an account: what the server sends by SMS
// and on WhatsApp stays here, for the telephones of this machine to read, and what
// they write it is told of, as Twilio does.
type Post struct {
	server, token string
	open          bool
	log           *slog.Logger

	mu      sync.Mutex
	letters []Letter
	files   map[string][]byte // pictures, by the end of their path
	order   []string          // of files
	news    chan struct{}     // closed when there is another letter
}

// Letter is a message to a telephone.
type Letter struct {
	N    int    `json:"n"`    // 1, 2, 3 …
	Over string `json:"over"` // sms or whatsapp
	To   string `json:"to"`
	Text string `json:"text"`
}

// Note is what a telephone writes.
type Note struct {
	Over    string `json:"over"`
	From    string `json:"from"`
	Text    string `json:"text"`
	Picture []byte `json:"picture,omitempty"`
	Kind    string `json:"kind,omitempty"` // of Picture, such as image/jpeg
}

// What is kept: enough to try things.
const (
	lettersKept = 500
	filesKept   = 10
	noteLimit   = 16 << 20 // bytes of JSON
	readWait    = 25 * time.Second
)

// NewPost returns the post of a server, which takes webhooks that are signed by token.
// Telephones show that token, unless it is open, for the page, to whoever reaches the
// server.
func NewPost(server, token string, open bool, log *slog.Logger) *Post {
	return &Post{server: server, token: token, open: open, log: log, files: map[string][]byte{}, news: make(chan struct{})}
}

// Routes lists what the server asks of Twilio, and what telephones do.
func (p *Post) Routes() []channels.Route {
	own := http.NewCrossOriginProtection()
	const account = "/2010-04-01/Accounts/{account}/Messages"
	return []channels.Route{
		{Pattern: "POST " + account + ".json", Handler: http.HandlerFunc(p.take)},
		{Pattern: "GET " + account + "/{message}/Media/{file}", Handler: http.HandlerFunc(p.file)},
		{Pattern: "GET " + TextsPath, Handler: p.ours(p.read)},
		{Pattern: "POST " + TextsPath, Handler: own.Handler(p.ours(p.write))},
	}
}

func (p *Post) refused(w http.ResponseWriter, r *http.Request) bool {
	_, token, _ := r.BasicAuth()
	if token != p.token {
		http.Error(w, `{"code":20003}`, http.StatusUnauthorized)
	}
	return token != p.token
}

// ours lets telephones through.
func (p *Post) ours(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.open || !p.refused(w, r) {
			next(w, r)
		}
	})
}

// templateText stands for what an operator has had WhatsApp approve.
const templateText = "我们在这里接着办您电话里的事，请回复“接着办”。 Reply GO ON to go on here with what you called about."

// take is a message of the server's, which arrives at once.
func (p *Post) take(w http.ResponseWriter, r *http.Request) {
	if p.refused(w, r) {
		return
	}
	text := r.FormValue("Body")
	if r.FormValue("ContentSid") != "" {
		text = templateText
	}
	to := r.FormValue("To")
	p.deliver(to, text)
	sid := newID("SM")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]string{"sid": sid})
	if callback, err := url.Parse(r.FormValue("StatusCallback")); err == nil && callback.Path != "" {
		go p.arrived(context.WithoutCancel(r.Context()), callback.RequestURI(), url.Values{"MessageSid": {sid}, "To": {to}, "MessageStatus": {"delivered"}})
	}
}

func (p *Post) arrived(ctx context.Context, path string, form url.Values) {
	if _, err := postSigned(ctx, p.server, p.token, webhook{path, form}); err != nil {
		p.log.WarnContext(ctx, "what became of a message could not be told", slog.Any("error", err))
	}
}

// deliver has telephones read a message.
func (p *Post) deliver(to, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := Letter{N: 1, Over: "sms", To: to, Text: text}
	if number, chat := strings.CutPrefix(to, "whatsapp:"); chat {
		l.Over, l.To = "whatsapp", number
	}
	if n := len(p.letters); n > 0 {
		l.N = p.letters[n-1].N + 1
	}
	p.letters = append(p.letters, l)
	if len(p.letters) > lettersKept {
		p.letters = p.letters[1:]
	}
	close(p.news)
	p.news = make(chan struct{})
}

// since are the letters after a number, and what tells of more.
func (p *Post) since(after int) (all []Letter, news <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	all = []Letter{}
	for _, l := range p.letters {
		if l.N > after {
			all = append(all, l)
		}
	}
	return all, p.news
}

// read answers with the letters after a number, and waits for one; after -1 with that
// of the last alone.
func (p *Post) read(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.Atoi(r.URL.Query().Get("after"))
	if err != nil {
		http.Error(w, "after: must be a whole number", http.StatusBadRequest)
		return
	}
	all, news := p.since(after)
	if after >= 0 && len(all) == 0 {
		select {
		case <-news:
			all, _ = p.since(after)
		case <-time.After(readWait):
		case <-r.Context().Done():
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if after < 0 {
		all = all[max(0, len(all)-1):]
	}
	_ = json.NewEncoder(w).Encode(map[string][]Letter{"letters": all})
}

// write tells the server what a telephone writes.
func (p *Post) write(w http.ResponseWriter, r *http.Request) {
	var note Note
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, noteLimit)).Decode(&note); err != nil {
		http.Error(w, "a message is JSON with over, from and text, of 16 MB at most", http.StatusBadRequest)
		return
	}
	from := note.From
	if note.Over == "whatsapp" {
		from = "whatsapp:" + from
	}
	id := newID("SM")
	form := url.Values{"MessageSid": {id}, "From": {from}, "Body": {note.Text}, "NumMedia": {"0"}}
	if len(note.Picture) > 0 {
		file := newID("ME")
		p.keep(file, note.Picture)
		form["NumMedia"], form["MediaContentType0"], form["MediaUrl0"] = []string{"1"}, []string{note.Kind}, []string{p.server + "/Messages/" + id + "/Media/" + file}
	}
	answer, err := postSigned(r.Context(), p.server, p.token, webhook{"/channels/twilio/messages", form})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	var document struct{ Message string }
	if xml.Unmarshal(answer, &document) == nil && document.Message != "" {
		p.deliver(from, document.Message)
	}
	w.WriteHeader(http.StatusNoContent)
}

func (p *Post) keep(name string, file []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.files[name], p.order = file, append(p.order, name)
	if len(p.order) > filesKept {
		delete(p.files, p.order[0])
		p.order = p.order[1:]
	}
}

func (p *Post) file(w http.ResponseWriter, r *http.Request) {
	if p.refused(w, r) {
		return
	}
	p.mu.Lock()
	file, ok := p.files[r.PathValue("file")]
	p.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(file) // who has left reads nothing
}

// newID names something as Twilio does.
func newID(kind string) string {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // which never fails
	return kind + hex.EncodeToString(id)
}

// Handset is a telephone that writes and reads messages over the post of a server.
type Handset struct {
	Server string // scheme and host
	Token  string // of the post; a page needs none
	From   string // its number
}

// Send writes a message.
func (h Handset) Send(ctx context.Context, n Note) error {
	n.From = h.From
	body, err := json.Marshal(n)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.Server+TextsPath, strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	r.SetBasicAuth("", h.Token)
	_, err = do(r)
	return err
}

// Read returns the letters to this number after n, as soon as there is one to anybody,
// and the number to go on from. After -1 it returns where the letters end now.
func (h Handset) Read(ctx context.Context, n int) (mine []Letter, next int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s%s?after=%d", h.Server, TextsPath, n), nil)
	if err != nil {
		return nil, n, err
	}
	r.SetBasicAuth("", h.Token)
	body, err := do(r)
	if err != nil {
		return nil, n, err
	}
	var all struct{ Letters []Letter }
	if err := json.Unmarshal(body, &all); err != nil {
		return nil, n, errors.New("text: the server has no messages: it needs a loopback address and no account at Twilio")
	}
	next = max(n, 0)
	for _, l := range all.Letters {
		next = l.N
		if n >= 0 && l.To == h.From {
			mine = append(mine, l)
		}
	}
	return mine, next, nil
}
