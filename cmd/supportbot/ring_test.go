package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"supportbot/internal/telephone"
)

// handset is a telephone of `supportbot call` with somebody at it.
type handset struct {
	*testing.T
	in    io.WriteCloser
	mu    sync.Mutex
	heard []telephone.Event
	read  int // of heard
	ended chan struct{}
}

func (s *server) handset(t *testing.T, args ...string) *handset {
	t.Helper()
	cmd := program(t, append([]string{"call", "--data", s.data, "--json"}, args...)...)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = s.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	h := &handset{T: t, in: in, ended: make(chan struct{})}
	go func() {
		defer close(h.ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var e telephone.Event
			if json.Unmarshal(lines.Bytes(), &e) == nil {
				h.mu.Lock()
				h.heard = append(h.heard, e)
				h.mu.Unlock()
			}
		}
	}()
	t.Cleanup(func() {
		in.Close()
		cmd.Process.Kill()
		cmd.Wait()
	})
	return h
}

func (h *handset) does(line string) {
	h.Helper()
	if _, err := io.WriteString(h.in, line+"\n"); err != nil {
		h.Fatal(err)
	}
}

// hears waits for words or a note, after what was waited for before.
func (h *handset) hears(want string) {
	h.Helper()
	for deadline := time.Now().Add(40 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		h.mu.Lock()
		for i := h.read; i < len(h.heard); i++ {
			if strings.Contains(h.heard[i].Say+h.heard[i].Note, want) {
				h.read = i + 1
				h.mu.Unlock()
				return
			}
		}
		h.mu.Unlock()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Fatalf("never heard %q after %+v in %+v", want, h.heard[:h.read], h.heard[h.read:])
}

// freeExchange is where an exchange can be.
func freeExchange(t *testing.T) string {
	t.Helper()
	free, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	return "http://" + free.Addr().String()
}

// agentWithPhone adds an agent who can be called, and returns a token.
func (s *server) agentWithPhone(name, number string) (token string) {
	s.Helper()
	for _, args := range [][]string{{"agent", "add", name}, {"agent", "phone", name, number}, {"agent", "token", name}} {
		out, err := command(s.T, "", append(args, "--data", s.data)...)
		if err != nil {
			s.Fatal(err)
		}
		token = strings.TrimSpace(out)
	}
	return token
}

// waitingCase is the case that waits.
func (s *server) waitingCase(token string) (id string) {
	s.Helper()
	s.until(s.T, "a case waits", func() bool {
		_, list := s.rest(token, "GET", "/console/api/cases?state=waiting", "")
		cases, _ := list["cases"].([]any)
		if len(cases) > 0 {
			id = cases[0].(map[string]any)["id"].(string)
		}
		return id != ""
	})
	return id
}

// at does something about a case, and returns the fence of a claim.
func (s *server) at(token, id, act, body string) (fence int) {
	s.Helper()
	status, answer := s.rest(token, "POST", "/console/api/cases/"+id+"/"+act, body)
	if status != http.StatusOK {
		s.Fatalf("%s: %d %v", act, status, answer)
	}
	number, _ := answer["fence"].(float64)
	return int(number)
}

func (s *server) callIs(token, id, want string) {
	s.Helper()
	s.until(s.T, "the call is "+want, func() bool {
		_, answer := s.rest(token, "GET", "/console/api/cases/"+id+"/call", "")
		return answer["state"] == want
	})
}

// caseIs waits until a case is in a state.
func (s *server) caseIs(token, id, want string) {
	s.Helper()
	s.until(s.T, "the case is "+want, func() bool {
		_, c := s.rest(token, "GET", "/console/api/cases/"+id, "")
		return c["state"] == want
	})
}

// TestAnAgentTakesACallByTelephone: from the queue past an agent who does not answer,
// through another's telephone, hold, and two calls that are cut off, to the verdict,
// which goes on with the flow.
func TestAnAgentTakesACallByTelephone(t *testing.T) {
	s := serve(t, t.TempDir(), "--twilio-server", freeExchange(t))
	lin, wu := s.agentWithPhone("Lin", "+8613900139000"), s.agentWithPhone("Wu", "+8613700137000")
	desk := s.handset(t, "--agent")
	desk.hears("waits for calls")
	caller := s.handset(t, "--from", "+8613800138000")
	for _, line := range []string{"1", "我忘了POS机密码", "1", "2", "1", "1"} {
		caller.does(line)
	}
	id := s.waitingCase(lin)
	s.at(lin, id, "claim", "")
	desk.hears("rings for +8613900139000")
	caller.hears("正在打客服的电话")
	s.caseIs(lin, id, "claimed")
	s.callIs(lin, id, "ringing")
	desk.does("answer")
	desk.hears("请按1")
	s.callIs(lin, id, "press-1")
	desk.does("hangup") // and presses none
	s.callIs(lin, id, "no-answer")
	s.caseIs(lin, id, "waiting")
	caller.hears("刚才那位客服没有接起来")

	fence := s.at(wu, id, "claim", "")
	desk.hears("rings for +8613700137000")
	s.at(wu, id, "call", fmt.Sprintf(`{"fence":%d}`, fence)) // rings nothing a second time
	desk.does("answer")
	desk.hears("请按1")
	desk.does("1")
	desk.hears("对方说普通话")
	desk.hears("in conference")
	caller.hears("Wu 来接您的电话了")
	caller.hears("现在为您接通")
	caller.hears("in conference")
	s.callIs(wu, id, "connected")
	desk.does("请说店名")
	caller.hears("请说店名")
	caller.does("老李面馆")
	desk.hears("老李面馆")

	s.at(wu, id, "call/hold", fmt.Sprintf(`{"fence":%d}`, fence))
	caller.hears("on hold")
	s.callIs(wu, id, "held")
	s.at(wu, id, "call/resume", fmt.Sprintf(`{"fence":%d}`, fence))
	caller.hears("no longer on hold")
	s.callIs(wu, id, "connected")

	desk.does("hangup") // cut off, and back in time
	caller.hears("正在请客服回来")
	s.caseIs(wu, id, "grace")
	s.callIs(wu, id, "lost")
	s.at(wu, id, "call", fmt.Sprintf(`{"fence":%d}`, fence))
	desk.hears("rings for +8613700137000")
	desk.does("answer")
	desk.hears("请按1")
	desk.does("1")
	caller.hears("in conference")
	s.callIs(wu, id, "connected")

	desk.does("hangup") // cut off, and not back
	caller.hears("正在请客服回来")
	caller.hears("刚才的客服暂时离开了") // after the grace: in the queue again
	again := s.at(lin, id, "claim", "")
	desk.hears("rings for +8613900139000")
	desk.does("answer")
	desk.hears("请按1")
	desk.does("1")
	caller.hears("in conference")
	s.callIs(lin, id, "connected")
	s.at(lin, id, "outcome", fmt.Sprintf(`{"fence":%d,"outcome":"verified"}`, again))
	caller.hears("身份已经核实")
	desk.hears("结果已经记下")
	caller.does("1")
	caller.hears("太好了")
}

// TestWhoLeftANumberIsCalledBack: first the agent, then the number that was left. Who
// does not answer there is called again later; an agent may do so at once.
func TestWhoLeftANumberIsCalledBack(t *testing.T) {
	s := serve(t, t.TempDir(), "--twilio-server", freeExchange(t))
	lin := s.agentWithPhone("Lin", "+8613900139000")
	desk := s.handset(t, "--agent")
	desk.hears("waits for calls")
	if out, err := command(t, "0\n1\n13800138000#\nhangup\n", "call", "--data", s.data, "--from", "anonymous"); err != nil {
		t.Fatal(err, out)
	}
	id := s.waitingCase(lin)
	s.at(lin, id, "claim", "")
	desk.hears("rings for +8613900139000")
	desk.does("answer")
	desk.hears("请按1")
	desk.does("1")
	desk.hears("留了电话")
	desk.hears("对方没有接通")
	s.callIs(lin, id, "unreached")
	s.caseIs(lin, id, "callback")
	_, c := s.rest(lin, "GET", "/console/api/cases/"+id, "")
	if called, _ := c["called"].([]any); len(called) != 1 || called[0].(map[string]any)["how"] != "busy" {
		t.Errorf("called %v", c["called"])
	}

	merchant := s.handset(t, "--wait", "--from", "+8613800138000")
	merchant.hears("waits to be called")
	s.at(lin, id, "claim", "")
	desk.hears("rings for +8613900139000")
	desk.does("answer")
	desk.hears("请按1")
	desk.does("1")
	desk.hears("留了电话")
	merchant.hears("rings for +8613800138000")
	s.callIs(lin, id, "calling")
	merchant.does("answer")
	merchant.hears("是您留了电话")
	merchant.hears("in conference")
	s.callIs(lin, id, "connected")
	merchant.does("您好")
	desk.hears("您好")
}
