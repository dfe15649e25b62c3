package dialog

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// schemaNode is as much of a JSON Schema as names keys.
type schemaNode struct {
	Properties map[string]schemaNode `json:"properties"`
	Defs       map[string]schemaNode `json:"$defs"`
}

// TestTheSchemaKnowsTheParsersKeys gives the parser a flow with the key "zzzzzz" in
// every mapping. It names the keys that it knows there, which must be those of
// the published schema.
func TestTheSchemaKnowsTheParsersKeys(t *testing.T) {
	data, err := os.ReadFile("../kb-content/schema/flow.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema schemaNode
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	// By what the parser calls it: where it is in the schema, and a step or flow
	// that has the mapping.
	step := func(s string) string { return "flow: f\nsteps:\n- " + s }
	slot := func(s string) string { return "flow: f\nslots: {a: {type: enum, " + s + "}}" }
	places := map[string]struct{ def, yaml string }{
		"a flow":                      {"", "flow: f\nzzzzzz: 1"},
		"start":                       {"start", "flow: f\nstart: {zzzzzz: 1}"},
		"slot a":                      {"slot", slot("zzzzzz: 1")},
		"value b":                     {"option", slot("values: {b: {zzzzzz: 1}}")},
		"also":                        {"option.also", slot("values: {b: {also: {zzzzzz: []}}}")},
		"ladders":                     {"ladders", "flow: f\nladders: {zzzzzz: []}"},
		"no_input":                    {"silence", "flow: f\nladders: {no_input: {zzzzzz: []}}"},
		"a rung of no_match":          {"rung", "flow: f\nladders: {no_match: [{zzzzzz: 1}]}"},
		"a rung of no_input in chat":  {"rung", "flow: f\nladders: {no_input: {chat: [{zzzzzz: 1}]}}"},
		"a rung of no_input on voice": {"rung", "flow: f\nladders: {no_input: {voice: [{zzzzzz: 1}]}}"},
		"say":                         {"text", step("say: {zzzzzz: 1}")},
		"voice of say":                {"languages", step("say: {voice: {zzzzzz: 1}}")},
		"a condition":                 {"condition", step("if: [{zzzzzz: 1}]")},
		"else":                        {"exit", step("{if: [], else: {zzzzzz: 1}}")},
		"the return done":             {"exit", step("{call: f, returns: {done: {zzzzzz: 1}}}")},
		"handoff":                     {"handoff", step("handoff: {zzzzzz: 1}")},
		"the outcome handled":         {"exit", step("{handoff: {}, outcomes: {handled: {zzzzzz: 1}}}")},
		"a step that does say":        {"step-say", step("{say: {}, zzzzzz: 1}")},
	}
	for kind := range kinds {
		places["a step that does "+kind] = struct{ def, yaml string }{"step-" + kind, step("{" + kind + ": a, zzzzzz: 1}")}
	}
	for what, place := range places {
		var problems Problems
		(&parser{file: "f", problems: &problems}).parse([]byte(place.yaml))
		var known string
		for _, p := range problems {
			if where, keys, ok := strings.Cut(p.Text, "; known: "); ok && strings.HasSuffix(where, `unknown key "zzzzzz" in `+what) {
				known = keys
			}
		}
		if known == "" {
			t.Errorf("%s: the parser does not refuse the key: %v", what, problems)
			continue
		}
		want := strings.Split(known, ", ")
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(schema.at(place.def).Properties)); !slices.Equal(got, slices.Compact(want)) {
			t.Errorf("%s: the schema has %v, the parser knows %v", what, got, want)
		}
	}
}

// at finds a definition, or a property of one: "option.also".
func (s schemaNode) at(path string) schemaNode {
	if path == "" {
		return s
	}
	def, property, nested := strings.Cut(path, ".")
	if nested {
		return s.Defs[def].Properties[property]
	}
	return s.Defs[def]
}
