package twilio

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/time/rate"
)

// SignatureHeader bears the signature of a request.
const SignatureHeader = "X-Twilio-Signature"

// bodyHash is the parameter of the URL that stands for a body which is no form.
const bodyHash = "bodySHA256"

// Sign returns what Twilio puts into SignatureHeader when it calls a URL with a
// form: https://www.twilio.com/docs/usage/security#validating-requests. The form
// is nil for GET, for a websocket, whose URL begins with wss, and for a body that
// the URL names by bodySHA256.
func Sign(authToken, url string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(authToken))
	mac.Write([]byte(url))
	for _, key := range slices.SortedFunc(maps.Keys(form), inUTF16) {
		values := slices.SortedFunc(slices.Values(form[key]), inUTF16)
		for _, value := range slices.Compact(values) {
			mac.Write([]byte(key + value))
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// inUTF16 orders as Twilio's libraries do, by UTF-16 units, which is not the order
// of bytes beyond U+FFFF.
func inUTF16(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

// maxBody bounds a request. Twilio's are a few KiB.
const maxBody = 64 << 10

// webhookLimit is how long an answer may take. Twilio gives up after 15 s, and asks
// again: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides.
const webhookLimit = 14 * time.Second

// signed lets through to next what Twilio has signed; the rest is answered with
// 403. The URL is Config.PublicURL with the path and query that were asked for:
// whatever Host and X-Forwarded-* say, others can write. In next, r.PostForm holds
// the form, r.URL the query, and r.Body may be read again.
func (c Config) signed(next http.Handler, log *slog.Logger) http.Handler {
	seldom := rate.Sometimes{Interval: time.Minute}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			http.Error(w, "the body is too large", http.StatusRequestEntityTooLarge)
			return
		}
		if err != nil {
			http.Error(w, "the body could not be read", http.StatusBadRequest)
			return
		}
		form, ok := c.verify(r, body)
		if !ok {
			seldom.Do(func() {
				log.Warn("a request has no valid signature of Twilio; if Twilio itself is refused, look whether --public-url is what it calls and --twilio-auth-token is that of the account",
					"path", r.URL.Path)
			})
			http.Error(w, "the signature is wrong", http.StatusForbidden)
			return
		}
		r.PostForm, r.Body = form, io.NopCloser(bytes.NewReader(body))
		ctx, cancel := context.WithTimeout(r.Context(), webhookLimit)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// verify returns the form of a request that Twilio has signed. What the signature
// does not cover is refused: a body that is neither a form nor named in the URL.
func (c Config) verify(r *http.Request, body []byte) (form url.Values, ok bool) {
	signature := r.Header.Values(SignatureHeader)
	if len(signature) != 1 || !strings.HasPrefix(r.RequestURI, "/") {
		return nil, false
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, false
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case query.Has(bodyHash):
		sum := sha256.Sum256(body)
		if !equal(hex.EncodeToString(sum[:]), query.Get(bodyHash)) {
			return nil, false
		}
	case len(body) == 0:
	case kind != "application/x-www-form-urlencoded":
		return nil, false
	default:
		if form, err = url.ParseQuery(string(body)); err != nil {
			return nil, false
		}
	}
	for _, base := range c.bases(r) {
		if equal(Sign(c.AuthToken, base+r.RequestURI, form), signature[0]) {
			return form, true
		}
	}
	return nil, false
}

// bases is the public URL with and without its port: Twilio signs one or the other,
// as its libraries say, which try both. A websocket has a scheme of its own.
func (c Config) bases(r *http.Request) []string {
	public, err := url.Parse(c.PublicURL)
	if err != nil {
		return nil
	}
	secure, scheme := public.Scheme == "https", public.Scheme
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		scheme = strings.Replace(scheme, "http", "ws", 1)
	}
	port := public.Port()
	switch {
	case port != "":
	case secure:
		port = "443"
	default:
		port = "80"
	}
	host := strings.TrimSuffix(public.Host, ":"+public.Port())
	return []string{scheme + "://" + host, scheme + "://" + host + ":" + port}
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
