package kb

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"testing"
)

// schemaNode is as much of a JSON Schema as names keys.
type schemaNode struct {
	Properties map[string]schemaNode `json:"properties"`
	Items      *schemaNode           `json:"items"`
}

// TestTheSchemasKnowTheLoadersKeys: what an editor completes is what is read.
func TestTheSchemasKnowTheLoadersKeys(t *testing.T) {
	for name, file := range map[string]any{"topics": topicsFile{}, "article": frontMatter{}, "hotlines": hotlinesFile{}, "facts": factsFile{}, "glossary": glossaryFile{}} {
		data, err := os.ReadFile("../kb-content/schema/" + name + ".schema.json")
		if err != nil {
			t.Fatal(err)
		}
		var schema schemaNode
		if err := json.Unmarshal(data, &schema); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		compareKeys(t, name, schema, reflect.TypeOf(file))
	}
}

func compareKeys(t *testing.T, at string, schema schemaNode, of reflect.Type) {
	t.Helper()
	switch {
	case of == reflect.TypeFor[word]():
		return
	case of.Kind() == reflect.Slice && schema.Items != nil:
		compareKeys(t, at, *schema.Items, of.Elem())
		return
	case of.Kind() != reflect.Struct:
		return
	}
	var want []string
	for field := range of.Fields() {
		key := field.Tag.Get("yaml")
		want = append(want, key)
		compareKeys(t, at+"."+key, schema.Properties[key], field.Type)
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(schema.Properties)); !slices.Equal(got, want) {
		t.Errorf("%s: the schema has %v, the loader reads %v", at, got, want)
	}
}
