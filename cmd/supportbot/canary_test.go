package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// canary stands in everything that the canaries say. It has no letter sequence
// that occurs by itself.
const canary = "qjxzwkvqhjx"

// forms are the bytes by which a text would be found, however it is kept.
func forms(text string) map[string][]byte {
	all := map[string][]byte{
		"UTF-8": []byte(text), "upper case": []byte(strings.ToUpper(text)),
		"hex": []byte(hex.EncodeToString([]byte(text))), "upper hex": []byte(strings.ToUpper(hex.EncodeToString([]byte(text)))),
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		all["UTF-16LE"] = append(all["UTF-16LE"], byte(unit), byte(unit>>8))
		all["UTF-16BE"] = append(all["UTF-16BE"], byte(unit>>8), byte(unit))
	}
	for shift := range 3 { // where it stands in a group of three bytes
		whole := base64.StdEncoding.EncodeToString(append(make([]byte, shift), text...))
		whole = strings.TrimRight(whole, "=")
		all[fmt.Sprint("base64 ", shift)] = []byte(whole[4*min(shift, 1) : len(whole)-1])
	}
	return all
}

// search counts the forms of a text in a file.
func search(t *testing.T, name string, data []byte, text string) (found int) {
	t.Helper()
	for form, want := range forms(text) {
		if n := bytes.Count(data, want); n > 0 {
			t.Errorf("%s: %q stands there as %s, %d times", name, text, form, n)
			found += n
		}
	}
	return found
}

// searchFiles is search in all files of a directory.
func searchFiles(t *testing.T, dir, text string) (found, files int) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found += search(t, filepath.Base(name), data, text)
	}
	return found, len(names)
}

// TestCanariesAreNowhereInTheClear: what persons and agents say on every channel
// is found in no file and no line of the log.
func TestCanariesAreNowhereInTheClear(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir, "--log-level", "debug")
	token := s.token()
	const each = 350 // a channel
	for i := range each {
		s.saysIn(fmt.Sprint("shop-", i%50), fmt.Sprint(i), fmt.Sprintf("我叫 %s%d", canary, i))
	}
	for tab := range 10 {
		ws, _ := openChat(t, s, "")
		for i := range each / 10 {
			text := fmt.Sprintf("%s%d-%d", canary, tab, i)
			if err := ws.WriteJSON(map[string]string{"type": "message", "id": fmt.Sprint(i), "text": text}); err != nil {
				t.Fatal(err)
			}
			untilFrame(t, ws, "done")
		}
	}
	for c := range 10 {
		person := fmt.Sprint("agent-", c)
		s.saysIn(person, "1", "转人工")
		_, answer := s.rest(token, "GET", "/console/api/cases?state=waiting", "")
		waiting := answer["cases"].([]any)[0].(map[string]any)["id"].(string)
		_, claimed := s.rest(token, "POST", "/console/api/cases/"+waiting+"/claim", "")
		for i := range each/10 - 1 {
			s.act(token, waiting, "messages", fmt.Sprintf(`{"fence":%v,"text":"%s%d"}`, claimed["fence"], canary, i))
		}
		s.act(token, waiting, "outcome", fmt.Sprintf(`{"fence":%v,"outcome":"verified","note":"%s"}`, claimed["fence"], canary))
	}
	backups := t.TempDir()
	if out, err := command(t, "", "backup", filepath.Join(backups, "backup.db"), "--data", dir); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	if _, files := searchFiles(t, dir, canary); files < 3 {
		t.Errorf("only %d files while the server runs", files)
	}
	searchFiles(t, backups, canary)
	s.stop()
	searchFiles(t, dir, canary)
	search(t, "log", []byte(s.log.String()), canary)

	kept, err := json.Marshal(logs(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(kept, []byte(canary)); n < 3*each {
		t.Errorf("%d canaries are in the conversations, want %d at least", n, 3*each)
	} else {
		t.Logf("%d canaries, which are kept at %d places", 3*each, n)
	}
}

func (s *server) act(token, id, act, body string) {
	s.Helper()
	if status, answer := s.rest(token, "POST", "/console/api/cases/"+id+"/"+act, body); status != 200 {
		s.Fatalf("%s: %d %v", act, status, answer)
	}
}
