package webchat

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// FuzzFrame: a frame is refused in a few words, or it is a hello or a message
// within the limits that reads the same when it is written out and read again.
func FuzzFrame(f *testing.F) {
	for _, data := range []string{
		`{"type":"hello","token":"x","after":3,"language":"zh"}`, `{"type":"message","id":"1","text":"POS机密码忘了"}`,
		`{"type":"message","id":"1","choice":"app"}`, `{"type":"hello","after":-1}`, `{"type":"hello","after":1e400}`, `{"type":7}`, `[[[[`, "\xff",
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		frame, fault := decode(data)
		if fault != nil {
			if n := len(fault.Message); n > 500 {
				t.Fatalf("refused in %d bytes", n)
			}
			return
		}
		if frame.Type == "message" && (frame.ID == "" || utf8.RuneCountInString(frame.ID) > maxName || utf8.RuneCountInString(frame.Text) > maxText) {
			t.Fatalf("beyond the limits: %.100q", data)
		}
		written, err := json.Marshal(frame)
		if err != nil {
			t.Fatal(err)
		}
		if again, fault := decode(written); fault != nil || again != frame {
			t.Fatalf("%+v became %+v, %v", frame, again, fault)
		}
	})
}

// FuzzToken: what is no token of ours is told, and none is part of its address.
func FuzzToken(f *testing.F) {
	f.Add(newToken())
	f.Add("")
	f.Add(newToken() + "=")
	f.Fuzz(func(t *testing.T, token string) {
		if isToken(token) && len(token) != 43 {
			t.Fatalf("%q is taken for a token", token)
		}
		if p := peer(token); len(p) != 43 || p == token {
			t.Fatalf("%q has the address %q", token, p)
		}
	})
}
