package email_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net/http"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/channeltest"
	"supportbot/channels/email"
)

// peer is a mail server that others wrote.
type peer struct {
	*testing.T
	control string
	key     string
	cert    string
	roots   *x509.CertPool
}

// taken is a mail as the server has it.
type taken struct {
	To     []string
	User   string
	Secure bool
	Raw    string
}

const name = "mail.shop.example"

func newPeer(t *testing.T) *peer {
	p := &peer{T: t, control: channeltest.Node(t, "testdata/peer"), roots: x509.NewCertPool()}
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	form := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	cert := must(x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key))
	p.roots.AddCert(must(x509.ParseCertificate(cert)))
	p.cert = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	p.key = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(key))}))
	return p
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// asks posts to the peer, and reads the answer.
func (p *peer) asks(path string, body, answer any) {
	p.Helper()
	response, err := http.Post(p.control+path, "application/json", bytes.NewReader(must(json.Marshal(body))))
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	if data := must(io.ReadAll(response.Body)); answer != nil {
		if err := json.Unmarshal(data, answer); err != nil {
			p.Fatalf("%s: %s", path, data)
		}
	}
}

// listens has the peer listen, and returns where.
func (p *peer) listens(secure, plain, known bool) string {
	p.Helper()
	how := map[string]any{"secure": secure, "plain": plain}
	if known {
		how["key"], how["cert"] = p.key, p.cert
	}
	var port int
	p.asks("/listen", how, &port)
	return fmt.Sprintf("127.0.0.1:%d", port)
}

func (p *peer) mails() (all []taken) {
	p.asks("/mails", nil, &all)
	return all
}

// ledger is a conversation in which nothing was seen.
type ledger struct {
	letter email.Letter
	mailed int64
}

func (l *ledger) Letter(context.Context, supportbot.Address, int64) (email.Letter, error) {
	return l.letter, nil
}

func (l *ledger) Mailed(_ context.Context, _ supportbot.Address, last int64) error {
	l.mailed = last
	return nil
}

var (
	lin  = supportbot.Address{Channel: supportbot.Web, Peer: "p"}
	said = []supportbot.Message{{Seq: 7, From: supportbot.FromAgent, Text: "您好，**费率**已经改好了"}, {Seq: 9, From: supportbot.FromBot, Text: "还有问题请说\n.\n卡号 6222021234567890123"}}
)

func newLedger() *ledger {
	return &ledger{letter: email.Letter{To: "li.ming@shop.example", Language: supportbot.Chinese, Messages: said}}
}

func config(url string) email.Config {
	return email.Config{URL: url, From: "客服 <support@bank.example>", Link: "https://bot.example.com/", Mask: func(s string) string {
		return strings.ReplaceAll(s, "6222021234567890123", "[card]")
	}}
}

// kind is what a failure is, -1 if there is none.
func kind(err error) channels.FailureKind {
	var f *channels.Failure
	if errors.As(err, &f) {
		return f.Kind
	}
	return -1
}

func TestAPersonReadsTheMail(t *testing.T) {
	p := newPeer(t)
	at := p.listens(false, false, true)
	l := newLedger()
	sender := email.Hasty(config("smtp://bot:pass%20word@"+name+":587").Away(at, name, p.roots), l)
	if err := sender.Send(t.Context(), lin, said[0], "KEY7"); err != nil {
		t.Fatal(err)
	}
	if l.mailed != 9 {
		t.Errorf("mailed is up to %d", l.mailed)
	}
	got := p.mails()
	if len(got) != 1 || !got[0].Secure || got[0].User != "bot" || got[0].To[0] != "li.ming@shop.example" {
		t.Fatalf("the server has %+v", got)
	}
	m := must(netmail.ReadMessage(strings.NewReader(got[0].Raw)))
	words := new(mime.WordDecoder)
	for header, want := range map[string]string{
		"Subject": "客服给您的答复", "From": "客服 <support@bank.example>", "Message-Id": "<key7@bank.example>", "Auto-Submitted": "auto-generated",
	} {
		if is := must(words.DecodeHeader(m.Header.Get(header))); strings.ReplaceAll(is, `"`, "") != want {
			t.Errorf("%s is %q, want %q", header, is, want)
		}
	}
	if is := m.Header.Get("Content-Type") + m.Header.Get("Content-Transfer-Encoding"); !strings.HasPrefix(is, "text/plain; charset=UTF-8") || !strings.HasSuffix(is, "quoted-printable") {
		t.Errorf("its form is %s", is)
	}
	text := string(must(io.ReadAll(quotedprintable.NewReader(m.Body))))
	for _, want := range []string{"您好，费率已经改好了", "还有问题请说\r\n.\r\n卡号 [card]", "https://bot.example.com/", "从不在邮件里要密码"} {
		if !strings.Contains(text, want) {
			t.Errorf("it says %q, want %q in it", text, want)
		}
	}
	if strings.Contains(text, "622202") || strings.Contains(text, "**") {
		t.Errorf("it says %q", text)
	}
}

// What the server says decides what becomes of the mail; whether one that was taken
// is known to be, too.
func TestTheServerFails(t *testing.T) {
	p := newPeer(t)
	at := p.listens(false, true, false)
	for _, one := range []struct {
		name  string
		fault map[string]any
		want  channels.FailureKind
		mails int
	}{
		{"nothing", map[string]any{}, -1, 1},
		{"not now", map[string]any{"greeting": 421}, channels.Absent, 0},
		{"too many of a sender", map[string]any{"mail": 451}, channels.Limited, 0},
		{"the sender is nobody", map[string]any{"mail": 550}, channels.Refused, 0},
		{"a grey list", map[string]any{"rcpt": 450}, channels.Limited, 0},
		{"no such mailbox", map[string]any{"rcpt": 550}, channels.Gone, 0},
		{"the mailbox is full, after all", map[string]any{"data": 452}, channels.Limited, 0},
		{"it looks like spam", map[string]any{"data": 554}, channels.Refused, 0},
		{"the connection is lost before the answer", map[string]any{"drop": true}, channels.Unsure, 1},
		{"the connection is lost after the answer", map[string]any{"cut": true}, -1, 1},
		{"the answer takes too long", map[string]any{"slow": true}, channels.Unsure, 1},
	} {
		before := len(p.mails())
		p.asks("/fault", one.fault, nil)
		sender := email.Hasty(config("smtp://127.0.0.1").Away(at, "", nil), newLedger())
		err := sender.Send(t.Context(), lin, said[0], "KEY7")
		if kind(err) != one.want || len(p.mails())-before != one.mails {
			t.Errorf("%s: %v, and %d mails; want %s and %d", one.name, err, len(p.mails())-before, one.want, one.mails)
		}
		if err != nil && (strings.Contains(err.Error(), "li@") || strings.Contains(err.Error(), "li.ming")) {
			t.Errorf("%s: the address is in the log: %v", one.name, err)
		}
	}
}

// A repeat bears the Message-ID of the first, by which receivers know it.
func TestARepeatHasTheSameMessageID(t *testing.T) {
	p := newPeer(t)
	sender := email.Hasty(config("smtp://127.0.0.1").Away(p.listens(false, true, false), "", nil), newLedger())
	p.asks("/fault", map[string]any{"drop": true}, nil)
	if err := sender.Send(t.Context(), lin, said[0], "KEY7"); kind(err) != channels.Unsure {
		t.Fatal(err)
	}
	p.asks("/fault", map[string]any{}, nil)
	if err := sender.Send(t.Context(), lin, said[0], "KEY7"); err != nil {
		t.Fatal(err)
	}
	for _, m := range p.mails() {
		if !strings.Contains(m.Raw, "Message-ID: <key7@bank.example>") {
			t.Errorf("a try is\n%s", m.Raw)
		}
	}
}

// To another machine nothing is said that others can read.
func TestNoMailInTheClear(t *testing.T) {
	p := newPeer(t)
	plain, starts, secure := p.listens(false, true, false), p.listens(false, false, true), p.listens(true, false, true)
	for _, one := range []struct {
		name   string
		config email.Config
		want   channels.FailureKind
	}{
		{"a server without STARTTLS", config("smtp://"+name).Away(plain, name, p.roots), channels.Absent},
		{"a certificate that nobody knows", config("smtp://bot:pass%20word@"+name).Away(starts, name, x509.NewCertPool()), channels.Absent},
		{"a certificate of another", config("smtp://bot:pass%20word@other.example").Away(starts, "other.example", p.roots), channels.Absent},
		{"a wrong password", config("smtp://bot:guess@"+name).Away(starts, name, p.roots), channels.Absent},
		{"TLS first", config("smtps://bot:pass%20word@"+secure).Trusting(name, p.roots), -1},
	} {
		if err := email.Hasty(one.config, newLedger()).Send(t.Context(), lin, said[0], "KEY7"); kind(err) != one.want {
			t.Errorf("%s: %v, want %s", one.name, err, one.want)
		}
		found, err := one.config.Examine(t.Context(), false)
		if well := found[0].Remedy == ""; err != nil || well != (one.want == -1) {
			t.Errorf("%s: found %+v, %v", one.name, found, err)
		}
	}
	if got := p.mails(); len(got) != 1 || !got[0].Secure {
		t.Errorf("the server has %+v", got)
	}
}

func TestNoMailBeforeItsTimeOrToNobody(t *testing.T) {
	l := newLedger()
	fresh := said[0]
	fresh.At = time.Now()
	var f *channels.Failure
	err := email.NewSender(config("smtp://127.0.0.1:1"), l).Send(t.Context(), lin, fresh, "KEY7")
	if !errors.As(err, &f) || f.Kind != channels.Early || f.After <= 0 || f.After > email.Patience {
		t.Errorf("at once: %v", err)
	}
	sender := email.Hasty(config("smtp://127.0.0.1:1"), l)
	l.letter.To = ""
	if err := sender.Send(t.Context(), lin, said[0], "KEY7"); kind(err) != channels.Gone {
		t.Errorf("to nobody: %v", err)
	}
	l.letter.To = "not an address\r\nBcc: x@y.example"
	if err := sender.Send(t.Context(), lin, said[0], "KEY7"); kind(err) != channels.Refused || strings.Contains(err.Error(), "Bcc") {
		t.Errorf("to no address: %v", err)
	}
	l.letter.Messages = nil
	if err := sender.Send(t.Context(), lin, said[0], "KEY7"); err != nil {
		t.Errorf("what was seen: %v", err)
	}
}

func TestCheck(t *testing.T) {
	for _, one := range []struct{ url, from, want string }{
		{"", "", ""},
		{"smtp://bot:p@mail.example.com:587", "Support <support@example.com>", ""},
		{"smtps://mail.example.com", "support@example.com", ""},
		{"", "support@example.com", "--smtp-from needs"},
		{"mail.example.com:587", "support@example.com", "--smtp-url must be"},
		{"http://bot:s3cret@mail.example.com", "support@example.com", "--smtp-url must be"},
		{"smtp://mail.example.com", "support", "--smtp-from"},
	} {
		err := email.Config{URL: one.url, From: one.from}.Check()
		if (err == nil) != (one.want == "") || err != nil && (!strings.Contains(err.Error(), one.want) || strings.Contains(err.Error(), "s3cret")) {
			t.Errorf("%s from %s: %v, want %q", one.url, one.from, err, one.want)
		}
	}
}
