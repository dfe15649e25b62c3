package dialog

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"supportbot"
)

// small is a guide for the flows of testdata.
var small = Guide{
	Topics: map[string]supportbot.Text{
		"errand": both("办事", "Errand"), "second": both("第二件", "Second"), "third": both("第三件", "Third"), "fact": both("常识", "Fact"), "other-fact": both("另一条", "Other"),
	},
	Articles: map[string]supportbot.Text{"fact": both("这是常识", "This is a fact"), "other-fact": both("另一条常识", "Another fact")},
	Related:  map[string][]string{"fact": {"errand"}},
	Hotlines: map[string]string{"police": "110"},
}

// smallWith is the content of testdata with one more file of flows.
func smallWith(t testing.TB, name, flows string) fs.FS {
	t.Helper()
	content := fstest.MapFS{}
	for _, file := range []string{"flows/needed.yaml", "flows/errand.yaml"} {
		data, err := os.ReadFile(filepath.Join("testdata/content", file))
		if err != nil {
			t.Fatal(err)
		}
		content[file] = &fstest.MapFile{Data: data}
	}
	if name != "" {
		content["flows/"+name] = &fstest.MapFile{Data: []byte(flows)}
	}
	return content
}

// TestRefused loads each broken flow of testdata/refused: every line that says
// "# refused: TEXT" must be refused with that text, and no other line.
func TestRefused(t *testing.T) {
	files, err := filepath.Glob("testdata/refused/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no broken flows", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Load(smallWith(t, "zz.yaml", string(data)), small)
			var got Problems
			if !errors.As(err, &got) {
				t.Fatalf("loaded, or another error: %v", err)
			}
			want := expectations(string(data))
			for _, p := range got {
				if p.File != "flows/zz.yaml" || !want.take(p) {
					t.Errorf("unexpected: %v", p)
				}
			}
			for line, texts := range want {
				for _, text := range texts {
					t.Errorf("line %d: not refused with %q; got:\n%v", line, text, got)
				}
			}
		})
	}
}

// refusals are the expected texts by line.
type refusals map[int][]string

func expectations(flows string) refusals {
	want := refusals{}
	for i, line := range strings.Split(flows, "\n") {
		for _, text := range strings.Split(line, "# refused: ")[1:] {
			want[i+1] = append(want[i+1], strings.TrimSpace(text))
		}
	}
	return want
}

func (r refusals) take(p Problem) bool {
	for i, text := range r[p.Line] {
		if strings.Contains(p.Text, text) {
			r[p.Line] = append(r[p.Line][:i], r[p.Line][i+1:]...)
			return true
		}
	}
	return false
}

func TestMissingFlowsAreNamed(t *testing.T) {
	_, err := Load(fstest.MapFS{}, small)
	for _, name := range []string{"menu", "talk-to-agent"} {
		if err == nil || !strings.Contains(err.Error(), "there is no flow "+name) {
			t.Errorf("flow %s is not missed: %v", name, err)
		}
	}
}
