package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"supportbot/channels/twilio"
)

// callScript is what every caller says or presses, the same flow as that of the
// other parts.
var callScript = []url.Values{
	nil, {"Digits": {"1"}}, {"SpeechResult": {"POS机密码忘了"}}, {"SpeechResult": {"帮我选"}}, {"Digits": {"9"}},
	{"SpeechResult": {"一天能刷多少"}}, {"Digits": {"1"}},
}

// hop is one webhook of the call as it must go.
type hop struct {
	Target string
	Answer []byte
}

// calls is part f: TwiML for callers.
func (b *bench) calls(ctx context.Context) error {
	rounds, window := pick(b, 3, 1), pick(b, 3*time.Second, time.Second)
	section("f. Calls", `Webhooks of calls that go through the flow forgot-password by words and keys, each signed and each TwiML compared to the byte, in %d rounds of %s.
The ceiling is net/http with the same TwiML from a table: it looks at no signature and keeps nothing.`, rounds, window)
	p, err := b.serve(ctx, "calls")
	if err != nil {
		return err
	}
	defer stopAll(p)
	var phone struct{ URL, Token string }
	data, err := os.ReadFile(filepath.Join(b.dir, "calls", "phone.json"))
	if err == nil {
		err = json.Unmarshal(data, &phone)
	}
	if err != nil {
		return err
	}
	as := callers{base: phone.URL, token: phone.Token}
	if as.hops, err = as.record(ctx, p.addr); err != nil {
		return err
	}
	table := filepath.Join(b.dir, "hops.json")
	data, err = json.Marshal(as.hops)
	if err != nil {
		return err
	}
	if err := os.WriteFile(table, data, 0o600); err != nil {
		return err
	}
	ceiling, err := b.beside(ctx, "calls", table)
	if err != nil {
		return err
	}
	defer stopAll(ceiling)

	header(append([]string{"calls", "server", "webhooks/s", "of the ceiling"}, sampleColumns...)...)
	var sides []side
	for _, s := range []struct {
		name string
		at   *process
	}{{"ceiling", ceiling}, {"supportbot", p}} {
		sides = append(sides, side{s.name, s.at.pids, func(ctx context.Context, warm, window time.Duration) heard {
			return as.run(ctx, s.at.addr, warm, window)
		}})
	}
	samples, err := b.contest(ctx, rounds, window, sides...)
	if err != nil {
		return err
	}
	for i, s := range sides {
		sampleLine(fmt.Sprintf("%d | %s", goalCrowd, s.name), samples[i], ratio(samples[i], samples[0]))
	}
	m, _ := summary(samples[1])
	b.goal(m.p99 < 100*time.Millisecond, "p99 of TwiML is %s ms with %d calls at once; less than 100", milliseconds(m.p99), goalCrowd)
	return nil
}

// callers make the same call again and again.
type callers struct {
	base, token string
	hops        []hop
}

var callsMade atomic.Int64

// form is what Twilio sends with hop i of a call.
func form(call int64, i int) url.Values {
	f := url.Values{"CallSid": {fmt.Sprintf("CA%032x", call)}, "From": {"anonymous"}, "CallStatus": {"in-progress"}}
	for name, values := range callScript[i] {
		f[name] = values
	}
	return f
}

func (as callers) post(c *client, call int64, i int, target string) ([]byte, error) {
	f := form(call, i)
	status, body, err := c.form(target, twilio.Sign(as.token, as.base+target, f), f.Encode())
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s: status %d: %.200s", target, status, body)
	}
	return body, err
}

// form posts a form as Twilio does, and returns the status and the body of the
// answer.
func (c *client) form(target, signature, body string) (int, []byte, error) {
	c.out.Reset()
	fmt.Fprintf(&c.out, "POST %s HTTP/1.1\r\nHost: bench\r\n%s: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		target, twilio.SignatureHeader, signature, len(body), body)
	return c.exchange()
}

var action = regexp.MustCompile(`action="([^"]+)"`)

// record makes one call and keeps where it goes and what it hears.
func (as callers) record(ctx context.Context, addr string) (hops []hop, err error) {
	c, err := dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	defer c.close()
	call, target := callsMade.Add(1), "/channels/twilio/voice"
	for i := range callScript {
		answer, err := as.post(c, call, i, target)
		if err != nil {
			return nil, err
		}
		hops = append(hops, hop{target, answer})
		next := action.FindSubmatch(answer)
		if next == nil {
			return nil, fmt.Errorf("bench/calls.go: after hop %d the call goes nowhere; bring the script up to date: %s", i, answer)
		}
		target = strings.ReplaceAll(string(next[1]), "&amp;", "&")
	}
	if !bytes.Contains(hops[len(hops)-1].Answer, []byte("<Hangup>")) {
		return nil, errors.New("bench/calls.go: the script does not reach the end of its flow; bring it up to date")
	}
	return hops, nil
}

// run has goalCrowd callers call for a while.
func (as callers) run(ctx context.Context, addr string, warm, window time.Duration) (total heard) {
	from := time.Now().Add(warm)
	until := from.Add(window)
	var all sync.WaitGroup
	var mu sync.Mutex
	for range goalCrowd {
		all.Go(func() {
			h := as.talk(ctx, addr, from, until)
			mu.Lock()
			defer mu.Unlock()
			total.took, total.right, total.wrong = append(total.took, h.took...), total.right+h.right, total.wrong+h.wrong
			total.err = errors.Join(total.err, h.err)
		})
	}
	all.Wait()
	return total
}

func (as callers) talk(ctx context.Context, addr string, from, until time.Time) (h heard) {
	c, err := dial(ctx, addr)
	if err != nil {
		return heard{err: err}
	}
	defer c.close()
	for {
		call := callsMade.Add(1)
		for i, hop := range as.hops {
			if time.Now().After(until) || ctx.Err() != nil {
				return h
			}
			begun := time.Now()
			answer, err := as.post(c, call, i, hop.Target)
			if err != nil {
				h.err = err
				return h
			}
			answered := time.Now()
			if !bytes.Equal(answer, hop.Answer) {
				h.wrong++
				continue
			}
			h.right++
			if answered.After(from) && answered.Before(until) {
				h.took = append(h.took, answered.Sub(begun))
			}
		}
	}
}

// serveCalls answers webhooks from a table.
func serveCalls(ctx context.Context, addr, table string) error {
	data, err := os.ReadFile(table)
	if err != nil {
		return err
	}
	var hops []hop
	if err := json.Unmarshal(data, &hops); err != nil {
		return err
	}
	answers := map[string][]byte{}
	for _, h := range hops {
		answers[h.Target] = h.Answer
	}
	return listen(ctx, addr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = w.Write(answers[r.RequestURI]) // a client that has gone reads no answer
	}))
}
