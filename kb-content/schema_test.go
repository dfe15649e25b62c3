package kbcontent_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"supportbot/internal/transcript"
)

func schemaOf(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	schema, err := c.Compile("schema/" + name + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// validate checks every document of a YAML file.
func validate(schema *jsonschema.Schema, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	docs := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc any
		err := docs.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = schema.Validate(doc)
		}
		if err != nil {
			return err
		}
	}
}

func TestTheContentFitsItsSchemas(t *testing.T) {
	for name, patterns := range map[string][]string{
		"flow":       {"flows/*.yaml", "../dialog/patterns.yaml", "../dialog/testdata/content/flows/*.yaml"},
		"transcript": {"transcripts/*.yaml"},
		"checks":     {"checks/*.yaml"},
		"codes":      {"codes.yaml"},
		"hotlines":   {"hotlines.yaml"},
		"topics":     {"topics.yaml"},
		"facts":      {"facts.yaml"},
		"glossary":   {"glossary.yaml"},
	} {
		schema := schemaOf(t, name)
		for _, pattern := range patterns {
			files, err := filepath.Glob(pattern)
			if err != nil || len(files) == 0 {
				t.Errorf("no files %s (%v)", pattern, err)
			}
			for _, file := range files {
				if err := validate(schema, file); err != nil {
					t.Errorf("%s: %v", file, err)
				}
			}
		}
	}
}

func TestTheFrontMatterFitsItsSchema(t *testing.T) {
	schema := schemaOf(t, "article")
	files, err := filepath.Glob("articles/*/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no articles (%v)", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		front, _, _ := strings.Cut(strings.TrimPrefix(string(data), "---\n"), "\n---\n")
		var doc map[string]any
		if err := yaml.Unmarshal([]byte(front), &doc); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if day, ok := doc["reviewed"].(time.Time); ok { // JSON has no dates
			doc["reviewed"] = day.Format(time.DateOnly)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestFilesNameTheirSchema: editors find it by the first line of a file, and of
// every further flow in it. The topics are given, and stay as they are.
func TestFilesNameTheirSchema(t *testing.T) {
	lines := map[string]string{}
	flows, err := filepath.Glob("flows/*.yaml")
	if err != nil || len(flows) == 0 {
		t.Fatalf("no flows (%v)", err)
	}
	for _, file := range flows {
		lines[file] = "# yaml-language-server: $schema=../schema/flow.schema.json\n"
	}
	for _, file := range []string{"checks/identity.yaml", "checks/suspected-fraud.yaml"} {
		lines[file] = "# yaml-language-server: $schema=../schema/checks.schema.json\n"
	}
	for _, name := range []string{"codes", "hotlines", "facts", "glossary"} {
		lines[name+".yaml"] = "# yaml-language-server: $schema=schema/" + name + ".schema.json\n"
	}
	for file, line := range lines {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, doc := range strings.Split(string(data), "\n---\n") {
			if !strings.HasPrefix(doc, line) {
				t.Errorf("%s: part %d does not begin with %s", file, i+1, line)
			}
		}
	}
}

// shapes are what the loader says of a flow that is broken by its shape alone.
var shapes = []string{
	"unknown key", "cannot be read", "is no key", "stands twice", "has no such type", "a step that does nothing", "an if without else",
	"has no en;", "has no zh;", "keys are 1 to 8", "a phone only 8 free keys", "a handoff without the outcome", "cannot come of this handoff",
	"needs after: TIME", "must be", "picks from", "both from and topics",
}

// TestTheSchemaRefusesBrokenShapes: an editor shows what the loader would refuse,
// as far as it can be seen without knowing the rest of the flow.
func TestTheSchemaRefusesBrokenShapes(t *testing.T) {
	schema := schemaOf(t, "flow")
	files, err := filepath.Glob("../dialog/testdata/refused/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, expected, _ := strings.Cut(string(data), "# refused: ")
		broken := slices.ContainsFunc(shapes, func(shape string) bool { return strings.Contains(expected, shape) })
		err = validate(schema, file)
		switch {
		case broken && err == nil:
			t.Errorf("%s fits the schema", file)
		case !broken && err != nil:
			t.Errorf("%s is refused for its shape, which is right: %v", file, err)
		case broken:
			refused++
		}
	}
	if refused < 10 {
		t.Errorf("only %d of %d flows are broken by their shape", refused, len(files))
	}
}

// TestATranscriptsKeys: the schema knows the keys that the loader knows.
func TestATranscriptsKeys(t *testing.T) {
	schema := schemaOf(t, "transcript")
	for _, c := range []struct {
		of     any
		schema *jsonschema.Schema
	}{
		{transcript.Transcript{}, schema},
		{transcript.From{}, schema.Properties["from"]},
		{transcript.Turn{}, schema.Properties["turns"].Items2020.Ref},
	} {
		var want, got []string
		for _, field := range reflect.VisibleFields(reflect.TypeOf(c.of)) {
			key, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
			want = append(want, key)
		}
		for key := range c.schema.Properties {
			got = append(got, key)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%T: keys %v, want %v", c.of, got, want)
		}
	}
}
