package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// patch replaces a piece of a file for one build. The program itself knows nothing
// of it: the go command reads the edited file in place of the real one.
type patch struct{ file, old, new string }

// mishaps mark the points before and after each commit and each call of a
// provider, where a node can be killed or stopped; see testdata/mishap.
var mishaps = []patch{
	marked("internal/turn/observe.go", "receipt, err := p.store.Accept(ctx, in, digest)", "accept"),
	marked("internal/turn/observe.go", "receipt, err := p.store.Take(ctx, in, digest, c)", "take"),
	marked("internal/turn/observe.go", "err := p.store.Commit(ctx, c)", "commit"),
	marked("internal/delivery/loop.go", "d, err := l.store.Claim(ctx, id, l.lease)", "claim"),
	marked("internal/delivery/loop.go", "r := l.try(d, deadline)", "send"),
	marked("internal/delivery/judge.go", "err := l.store.Settle(ctx, d, r)", "settle"),
}

func marked(file, line, what string) patch {
	return patch{file, line, fmt.Sprintf("mishap.At(%q)\n%s\nmishap.At(%q)", "before-"+what, line, "after-"+what)}
}

// mutant is the program with a guarantee taken out, which the invariants must
// notice.
type mutant struct {
	name     string
	breaks   string   // the invariant that must not hold
	firsts   []string // what its nodes meet, again and again; one is on SQLite, several are on PostgreSQL
	duration time.Duration
	patches  []patch
}

// Killing alone never shows that a fence is missing: for that a node must come
// back when another has done its work.
var mutants = []mutant{
	{"no dedupe", "inbox", []string{"kill 5 after-take"}, 5 * time.Second, []patch{
		// as if the unique key were not there
		{"internal/store/sealed.go", "payload, err := sealJSON(h.key, in, payloadName(sender(in.Kind), in.ID))",
			"payload, err := sealJSON(h.key, in, payloadName(sender(in.Kind), in.ID))\nif err == nil {\nin.ID += string(payload[:12])\n}"},
	}},
	{"mark before send", "outbox", []string{"kill 5 before-send"}, 5 * time.Second, []patch{
		{"internal/delivery/loop.go", "r := l.try(d, deadline)", "_ = l.settle(d, Result{Status: Sent, History: d.History})\nr := l.try(d, deadline)"},
	}},
	{"no fence of turns", "inbox", []string{"stop 1 before-commit", ""}, 10 * time.Second, []patch{
		{"internal/store/postgres_turn.go", "AND l.head = @seq - 1", ""},
		{"internal/store/postgres_turn.go", "AND t.version = @version AND t.last_seq = coalesce(@last_seq, t.last_seq)", ""},
	}},
	{"no fence of sending", "repeats", []string{"stop 5 after-send", ""}, 20 * time.Second, []patch{
		{"internal/store/outbox.go", "WHERE thread_id = $1 AND epoch = $2 AND head = $3 - 1`", "WHERE thread_id = $1 AND CAST($2 AS BIGINT) + CAST($3 AS BIGINT) > 0`"},
	}},
}

// build builds the program into dir, patched. It has no race detector, which would
// make starting a server five times slower: races are found by the tests of the
// packages, which run in the process that is watched.
func build(dir string, patches ...patch) (binary string, err error) {
	root, err := filepath.Abs("../..")
	if err != nil {
		return "", err
	}
	replace := map[string]string{
		filepath.Join(root, "internal/mishap/mishap.go"): filepath.Join(root, "cmd/supportbot/testdata/mishap/mishap.go"),
	}
	files := map[string]string{} // as patched so far
	for _, p := range patches {
		if files[p.file] == "" {
			data, err := os.ReadFile(filepath.Join(root, p.file))
			if err != nil {
				return "", err
			}
			files[p.file] = string(data)
		}
		if strings.Count(files[p.file], p.old) != 1 {
			return "", fmt.Errorf("%s has changed: the fault suite looks in it, once, for\n%s", p.file, p.old)
		}
		files[p.file] = strings.Replace(files[p.file], p.old, p.new, 1)
	}
	for file, text := range files {
		if strings.Contains(text, "mishap.At") {
			text = strings.Replace(text, "import (", "import (\n\"supportbot/internal/mishap\"", 1)
		}
		patched := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(patched, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(root, file)] = patched
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	list, binary := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "supportbot")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-overlay", list, "-o", binary, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return binary, nil
}
