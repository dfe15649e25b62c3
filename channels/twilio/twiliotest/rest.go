package twiliotest

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// REST is Twilio's REST API as its description has it: a call that the description
// does not allow is answered with an error, and nobody hears of the rest.
type REST struct {
	URL string

	mu    sync.Mutex
	taken []url.Values
}

// NewREST starts the API, until the end of the test.
func NewREST(t *testing.T) *REST {
	t.Helper()
	prism := &url.URL{Scheme: "http", Host: startPrism(t)}
	r := &REST{}
	proxy := httptest.NewServer(withForm(&httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(prism) },
		ModifyResponse: func(answer *http.Response) error {
			if answer.StatusCode/100 == 2 {
				form, _ := answer.Request.Context().Value(formKey{}).(url.Values)
				r.mu.Lock()
				r.taken = append(r.taken, form)
				r.mu.Unlock()
			} else {
				t.Errorf("%s is not as Twilio describes it: %s", answer.Request.URL.Path, answer.Status)
			}
			return nil
		},
	}))
	t.Cleanup(proxy.Close)
	r.URL = proxy.URL
	return r
}

// Taken are the forms of the calls so far.
func (r *REST) Taken() []url.Values {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]url.Values(nil), r.taken...)
}

// Wait returns the forms once there are n, or fails.
func (r *REST) Wait(t *testing.T, n int) []url.Values {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		taken := r.Taken()
		if len(taken) >= n {
			return taken
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d calls came, want %d: %v", len(taken), n, taken)
		}
	}
}

// startPrism returns the address of Prism with the description.
func startPrism(t *testing.T) string {
	t.Helper()
	var at net.ListenConfig
	free, err := at.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	host, port, _ := net.SplitHostPort(address)
	cmd := exec.CommandContext(t.Context(), "node", "node_modules/@stoplight/prism-cli/dist/index.js", "mock", "-h", host, "-p", port,
		"node_modules/@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json")
	cmd.Dir = packages(t)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // its context has ended it
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		var dialer net.Dialer
		conn, err := dialer.DialContext(t.Context(), "tcp", address)
		if err == nil {
			_ = conn.Close()
			return address
		}
		if time.Now().After(deadline) {
			t.Fatal(fmt.Errorf("start Prism: %w", err))
		}
	}
}
