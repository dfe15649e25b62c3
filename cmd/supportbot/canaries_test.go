package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// canaries makes secrets that occur nowhere else: cards begin with bin, and
// passwords hold word.
type canaries struct {
	random *rand.Rand
	made   int
}

const bin, word = "62179983", "Kanari"

// next is a message that holds a new secret, as people write them, and the canary,
// which is no secret.
func (c *canaries) next() string {
	c.made++
	digits := bin + fmt.Sprintf("%07d", c.random.IntN(1e7))
	card := digits + string('0'+luhn(digits))
	groups := func(between string) string {
		return strings.Join([]string{card[:4], card[4:8], card[8:12], card[12:]}, between)
	}
	secret := fmt.Sprintf("%s%05d", word, c.random.IntN(1e5))
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, card)
	return []string{
		"我的卡号是" + card + "，怎么绑", "卡号：" + groups(" "), "my card is " + groups("-") + " and it fails", groups("."), wide,
		"登录密码是" + secret, "密码:" + secret + " 对吗", "my password is " + secret + ", why is it wrong", "the password: " + secret,
		"卡 " + groups("\n"), "card no. " + card[:15] + " " + card[15:], "刷了 88 元，卡 " + card + " 有效期 09/29 cvv 731",
	}[c.made%12] + "\n" + canary
}

// luhn is the check digit of ISO/IEC 7812-1 for the digits before it.
func luhn(digits string) byte {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return byte((10 - sum%10) % 10)
}

// TestCanariesAreNowhere sends thousands of secrets by every way in, and looks for
// them in all that the server answers, logs and keeps. What is said beside them is
// kept, but sealed: it is found in no file and no line of the log.
func TestCanariesAreNowhere(t *testing.T) {
	const perWay = 1800
	s := serve(t, t.TempDir(), "--log-level", "debug", "--limit-chat", "0", "--limit-rest", "0", "--limit-address", "0", "--limit-begun", "0")
	var shown lines // all that was answered
	var sent atomic.Int64
	var ways sync.WaitGroup
	for _, way := range []func(*server, *canaries, int, *lines){canariesByREST, canariesByChat, canariesByAgent} {
		c := &canaries{random: rand.New(rand.NewPCG(7, uint64(sent.Load())))}
		ways.Go(func() {
			way(s, c, perWay, &shown)
			sent.Add(int64(c.made))
		})
	}
	ways.Wait()
	backup := filepath.Join(t.TempDir(), "backup.db")
	if _, err := command(t, "", "backup", backup, "--data", s.data); err != nil {
		t.Fatal(err)
	}
	places := map[string][]byte{"answers": []byte(shown.String())}
	if files := readFiles(t, s.data, "running", places); files < 3 {
		t.Errorf("only %d files while the server runs", files)
	}
	readFiles(t, filepath.Dir(backup), "backup", places)
	s.stop()
	readFiles(t, s.data, "stopped", places)
	places["log"] = []byte(s.log.String())
	for name, data := range places {
		if name != "answers" {
			search(t, name, data, canary)
		}
	}
	opened, err := json.Marshal(logs(t, s.data))
	if err != nil {
		t.Fatal(err)
	}
	places["conversations, opened"] = opened
	size := 0
	for name, data := range places {
		size += len(data)
		if found := secrets(data); len(found) > 0 {
			t.Errorf("%s: %d places, such as %q", name, len(found), found[0])
		}
	}
	t.Logf("%d canaries by %d ways, %d places with %d MB searched", sent.Load(), 3, len(places), size>>20)
	if masked := bytes.Count(places["answers"], []byte("[card ****")); sent.Load() < 5000 || masked < 1000 {
		t.Errorf("only %d were sent, and %d cards are shown as masked", sent.Load(), masked)
	}
	if n := bytes.Count(opened, []byte(canary)); int64(n) < sent.Load()/2 {
		t.Errorf("what %d messages said beside is kept at %d places only", sent.Load(), n)
	}
}

// readFiles reads all files of a directory into places.
func readFiles(t *testing.T, dir, when string, places map[string][]byte) int {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if places[when+": "+filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return len(names)
}

// between is what may stand between the digits of a card.
var between = regexp.MustCompile(`[ .\-\n]|\\n`)

// secrets finds what is left of canaries: the word of a password, or the first
// digits of a card, narrow or wide, together or apart.
func secrets(data []byte) (found []string) {
	wide := bytes.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, data)
	for _, text := range [][]byte{data, wide, between.ReplaceAll(data, nil)} {
		for _, trace := range []string{bin[:6], word} {
			for rest := text; ; {
				i := bytes.Index(rest, []byte(trace))
				if i < 0 {
					break
				}
				found = append(found, string(rest[max(0, i-20):min(len(rest), i+40)]))
				rest = rest[i+len(trace):]
			}
		}
	}
	return found
}

func canariesByREST(s *server, c *canaries, n int, shown *lines) {
	for i := range n {
		conversation := fmt.Sprint(canary, i/20) // which is an address
		said, _ := s.saysIn(conversation, fmt.Sprint("m", i), c.next())
		fmt.Fprintln(shown, said)
		if i%20 == 19 {
			fmt.Fprintln(shown, transcriptOf(s, conversation))
		}
	}
}

func canariesByChat(s *server, c *canaries, n int, shown *lines) {
	var ws *websocket.Conn
	for i := range n {
		if i%20 == 0 {
			ws, _ = openChat(s.T, s, "")
		}
		if err := ws.WriteJSON(map[string]string{"type": "message", "id": fmt.Sprint("m", i), "text": c.next()}); err != nil {
			s.Error(err)
			return
		}
		for frame := map[string]any{}; frame["type"] != "done"; fmt.Fprintln(shown, frame) {
			clear(frame)
			ws.SetReadDeadline(time.Now().Add(10 * time.Second))
			if err := ws.ReadJSON(&frame); err != nil {
				s.Error(err)
				return
			}
		}
	}
}

// canariesByAgent has persons brought to an agent who types secrets too.
func canariesByAgent(s *server, c *canaries, n int, shown *lines) {
	token := s.token()
	for i := 0; i < n; i += 20 {
		conversation := fmt.Sprint("agent-", i)
		s.saysIn(conversation, "1", "转人工")
		_, answer := s.rest(restKey, "POST", "/api/v1/messages", fmt.Sprintf(`{"conversation":%q,"id":"2","text":%q}`, conversation, c.next()))
		held, ok := answer["case"].(map[string]any)
		if !ok {
			s.Errorf("no case: %v", answer)
			return
		}
		path := "/console/api/cases/" + held["id"].(string)
		_, claimed := s.rest(token, "POST", path+"/claim", "")
		fence := claimed["fence"].(float64)
		for j := range 18 {
			status, answer := s.rest(token, "POST", path+"/messages", fmt.Sprintf(`{"fence":%v,"id":"a%d","text":%q}`, fence, j, c.next()))
			if status != http.StatusOK && status != http.StatusUnprocessableEntity {
				s.Errorf("agent's message: %d %v", status, answer)
				return
			}
		}
		_, packet := s.rest(token, "GET", path, "")
		fmt.Fprintln(shown, packet)
		status, answer := s.rest(token, "POST", path+"/outcome", fmt.Sprintf(`{"fence":%v,"outcome":"failed","note":%q}`, fence, c.next()))
		if status != http.StatusOK {
			s.Errorf("the verdict: %d %v", status, answer)
			return
		}
		fmt.Fprintln(shown, transcriptOf(s, conversation))
	}
}
