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

// TestAnAgentTakesACallByTelephone: from the queue through the agent's telephone,
// hold, and a lost agent to the second agent, whose verdict goes on with the flow.
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
	fence := s.at(lin, id, "claim", "")
	s.at(lin, id, "call", fmt.Sprintf(`{"fence":%d}`, fence))
	s.at(lin, id, "call", fmt.Sprintf(`{"fence":%d}`, fence)) // a second press rings nothing
	desk.hears("rings for +8613900139000")
	s.callIs(lin, id, "ringing")
	desk.does("answer")
	desk.hears("请按1")
	s.callIs(lin, id, "press-1")
	desk.does("1")
	desk.hears("对方说普通话")
	desk.hears("in conference")
	caller.hears("客服在线了")
	caller.hears("in conference")
	s.callIs(lin, id, "connected")
	desk.does("请说店名")
	caller.hears("请说店名")
	caller.does("老李面馆")
	desk.hears("老李面馆")

	s.at(lin, id, "call/hold", fmt.Sprintf(`{"fence":%d}`, fence))
	caller.hears("on hold")
	s.callIs(lin, id, "held")
	s.at(lin, id, "call/resume", fmt.Sprintf(`{"fence":%d}`, fence))
	caller.hears("no longer on hold")
	s.callIs(lin, id, "connected")

	desk.does("hangup") // cut off
	caller.hears("客服的电话断了")
	s.callIs(lin, id, "lost")
	caller.hears("下一位就是您") // after the grace: in the queue again
	again := s.at(wu, id, "claim", "")
	s.at(wu, id, "call", fmt.Sprintf(`{"fence":%d}`, again))
	desk.hears("rings for +8613700137000")
	desk.does("answer")
	desk.hears("请按1")
	desk.does("1")
	caller.hears("in conference")
	s.callIs(wu, id, "connected")
	s.at(wu, id, "outcome", fmt.Sprintf(`{"fence":%d,"outcome":"verified"}`, again))
	caller.hears("身份已经核实")
	desk.hears("结果已经记下")
	caller.does("1")
	caller.hears("太好了")
}

// TestWhoLeftANumberIsCalledBack: first the agent, then the number that was left;
// until somebody answers there the agent waits.
func TestWhoLeftANumberIsCalledBack(t *testing.T) {
	s := serve(t, t.TempDir(), "--twilio-server", freeExchange(t))
	lin := s.agentWithPhone("Lin", "+8613900139000")
	desk := s.handset(t, "--agent")
	desk.hears("waits for calls")
	if out, err := command(t, "0\n1\n13800138000#\nhangup\n", "call", "--data", s.data, "--from", "anonymous"); err != nil {
		t.Fatal(err, out)
	}
	id := s.waitingCase(lin)
	fence := s.at(lin, id, "claim", "")
	s.at(lin, id, "call", fmt.Sprintf(`{"fence":%d}`, fence))
	desk.hears("rings for +8613900139000")
	desk.does("answer")
	desk.hears("请按1")
	desk.does("1")
	desk.hears("留了电话")
	s.callIs(lin, id, "calling")
	s.at(lin, id, "call/hangup", fmt.Sprintf(`{"fence":%d}`, fence))
	desk.hears("通话结束")
}
