package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector takes traces as OpenTelemetry collectors do.
type collector struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
}

func newCollector(t *testing.T) *collector {
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("the collector was sent %s %s %v %v", r.Method, r.URL, r.Header, err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.bodies = append(c.bodies, body)
	}))
	t.Cleanup(c.Close)
	return c
}

// tree is every span of a trace under the name of its parent: "receive/mask".
func (c *collector) tree(t *testing.T, trace string) map[string]bool {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	names, spans := map[string]string{}, []*tracepb.Span{}
	for _, body := range c.bodies {
		var data tracepb.TracesData
		if err := proto.Unmarshal(body, &data); err != nil {
			t.Fatal(err)
		}
		for _, resource := range data.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				for _, span := range scope.Spans {
					if hex.EncodeToString(span.TraceId) == trace {
						spans, names[string(span.SpanId)] = append(spans, span), span.Name
					}
				}
			}
		}
	}
	tree := map[string]bool{}
	for _, span := range spans {
		tree[names[string(span.ParentSpanId)]+"/"+span.Name] = true
	}
	return tree
}

func TestATraceFollowsAMessage(t *testing.T) {
	to := newCollector(t)
	posted := make(chan struct{}, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { posted <- struct{}{} }))
	defer receiver.Close()
	s := serve(t, t.TempDir(), "--otlp-endpoint", to.URL, "--log-level", "debug",
		"--rest-callback", receiver.URL, "--rest-callback-secret", "whsec_"+base64.StdEncoding.EncodeToString(make([]byte, 32)))
	traces := []string{"0af7651916cd43dd8448eb211c80319c", "1af7651916cd43dd8448eb211c80319c"} // of a first message, and of one in between
	for i, trace := range traces {
		request, err := http.NewRequest("POST", s.url+"/api/v1/messages", strings.NewReader(fmt.Sprintf(`{"conversation":"xyzzy","id":"%d","text":"POS机密码忘了"}`, i)))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+restKey)
		request.Header.Set("traceparent", "00-"+trace+"-b7ad6b7169203331-01")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct{ Replies []struct{} }
		err = json.NewDecoder(response.Body).Decode(&answer)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || response.Header.Get("X-Request-Id") != trace {
			t.Errorf("%s: X-Request-Id %s, want %s", response.Status, response.Header.Get("X-Request-Id"), trace)
		}
		for range answer.Replies {
			<-posted
		}
	}
	s.stop() // delivers what is left

	want := map[string]bool{
		"/POST /api/v1/messages": true, "POST /api/v1/messages/receive": true,
		"receive/mask": true, "receive/step": true, "step/read": true, "receive/commit": true, "receive/send": true,
	}
	for _, trace := range traces {
		if diff := cmp.Diff(want, to.tree(t, trace)); diff != "" {
			t.Errorf("spans (-want +got):\n%s", diff)
		}
		s.log.wait(t, `msg=turn channel=rest kind=text took=\S+ failed=false trace=`+trace)
	}
	for _, said := range []string{"密码", "xyzzy"} {
		if bytes.Contains(bytes.Join(to.bodies, nil), []byte(said)) {
			t.Errorf("the traces hold %q", said)
		}
	}
}

func TestACollectorThatIsGoneCostsALine(t *testing.T) {
	to := newCollector(t)
	to.Close()
	s := serve(t, t.TempDir(), "--otlp-endpoint", to.URL)
	said, _ := s.says("1", "POS机密码忘了")
	s.reads(said, "用哪种方式重设")
	s.stop()
	s.log.wait(t, `level=WARN msg="traces were lost"|msg="the last traces were lost"`)

	if _, err := command(t, "", "serve", "--listen", "127.0.0.1:0", "--otlp-endpoint", "collector:4318", "--data", t.TempDir()); err == nil || !strings.Contains(err.Error(), "such as http://127.0.0.1:4318") {
		t.Errorf("an address that is none: %v", err)
	}
}
