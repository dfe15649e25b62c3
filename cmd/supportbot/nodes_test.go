package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"supportbot/internal/store"
	"supportbot/internal/store/pgtest"
)

// nodes starts servers on one database: a URL, or a directory.
func nodes(t *testing.T, database string, n int) []*server {
	t.Helper()
	all := make([]*server, n)
	for i := range all {
		if store.IsURL(database) {
			all[i] = serve(t, t.TempDir(), "--database", database)
		} else {
			all[i] = serve(t, database)
		}
	}
	return all
}

// TestAConversationHopsNodes is the whole job, each step on another node.
func TestAConversationHopsNodes(t *testing.T) {
	t.Run("PostgreSQL", func(t *testing.T) { hop(t, pgtest.Database(t), 3) })
	t.Run("SQLite", func(t *testing.T) { hop(t, t.TempDir(), 2) })
}

func hop(t *testing.T, database string, n int) {
	all := nodes(t, database, n)
	at := 0
	next := func() *server { at++; return all[at%len(all)] }
	said, _ := next().says("1", "POS机密码忘了")
	all[0].reads(said, "用哪种方式重设")
	said, _ = next().says("2", "手机银行")
	all[0].reads(said, "能登录了吗")
	for range all { // a repeat has the same answer everywhere
		again, _ := next().says("2", "手机银行")
		if again != said {
			t.Errorf("a repeat on another node: %q, at first %q", again, said)
		}
	}
	said, state := next().says("3", "转人工")
	if state != "waiting" {
		t.Fatalf("the case is %q after %q", state, said)
	}
	flag := "--data"
	if store.IsURL(database) {
		flag = "--database"
	}
	out, err := command(t, "", "agent", "token", "admin", flag, database)
	if err != nil {
		t.Fatal(err)
	}
	token := lastLine(out)
	_, list := next().rest(token, "GET", "/console/api/cases?state=waiting", "")
	id := list["cases"].([]any)[0].(map[string]any)["id"].(string)
	wins := 0
	for range all {
		if status, _ := next().rest(token, "POST", "/console/api/cases/"+id+"/claim", ""); status == http.StatusOK {
			wins++
		}
	}
	if wins == 0 {
		t.Error("nobody could claim the case")
	}
	var transcripts []string
	for range all {
		_, transcript := next().rest(restKey, "GET", "/api/v1/conversations/c/messages?after=0", "")
		text, _ := json.Marshal(transcript["messages"])
		transcripts = append(transcripts, string(text))
	}
	if len(slices.Compact(transcripts)) != 1 {
		t.Errorf("the nodes tell different stories:\n%s", strings.Join(transcripts, "\n"))
	}
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// TestANodeHearsOfWhatAnotherDoes has one conversation open on two nodes, and
// measures how long after the answer on one the other shows it. Without hints
// that would be half a second.
func TestANodeHearsOfWhatAnotherDoes(t *testing.T) {
	all := nodes(t, pgtest.Database(t), 2)
	speaks, token := openChat(t, all[0], "")
	listens, _ := openChat(t, all[1], token)
	var took []time.Duration
	for i := range 15 {
		if err := speaks.WriteJSON(map[string]string{"type": "message", "id": fmt.Sprint(i), "text": "POS机密码忘了"}); err != nil {
			t.Fatal(err)
		}
		untilFrame(t, speaks, "done")
		answered := time.Now()
		untilFrame(t, listens, "messages")
		took = append(took, time.Since(answered))
		time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond)
	}
	slices.Sort(took)
	t.Logf("seen on the other node after %s (median), %s at most", took[len(took)/2], took[len(took)-1])
	if median := took[len(took)/2]; median > 100*time.Millisecond {
		t.Errorf("half of the messages came later than %s", median)
	}
}

func openChat(t *testing.T, s *server, token string) (ws *websocket.Conn, newToken string) {
	t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial(strings.Replace(s.url, "http", "ws", 1)+"/chat/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	if err := ws.WriteJSON(map[string]string{"type": "hello", "token": token, "language": "zh"}); err != nil {
		t.Fatal(err)
	}
	newToken = untilFrame(t, ws, "welcome")["token"].(string)
	untilFrame(t, ws, "messages")
	return ws, newToken
}

func untilFrame(t *testing.T, ws *websocket.Conn, kind string) map[string]any {
	t.Helper()
	for {
		ws.SetReadDeadline(time.Now().Add(10 * time.Second))
		var frame map[string]any
		if err := ws.ReadJSON(&frame); err != nil {
			t.Fatalf("waiting for %q: %v", kind, err)
		}
		if frame["type"] == kind {
			return frame
		}
	}
}

// transcriptOf lists what was said in a conversation of the REST channel.
func transcriptOf(s *server, conversation string) (said []map[string]any) {
	s.Helper()
	for {
		_, page := s.rest(restKey, "GET", fmt.Sprintf("/api/v1/conversations/%s/messages?after=%d", conversation, len(said)), "")
		messages, _ := page["messages"].([]any)
		if len(messages) == 0 {
			return said
		}
		for _, m := range messages {
			said = append(said, m.(map[string]any))
		}
	}
}
