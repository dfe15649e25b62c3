package authoring

import (
	"errors"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

var (
	unknownField = regexp.MustCompile(`(?s)^field (.+) not found in type`)
	twice        = regexp.MustCompile(`(?s)^mapping key (".+") already defined`)
)

// Decode reads YAML into the struct that out points to; keys that it has no
// field for are faults. It tells whether the text could be read at all: if not,
// the faults say why, and what out lacks is not known.
func Decode(text string, out any) (faults []Fault, ok bool) {
	if fault, wrong := NotUTF8(text); wrong {
		return []Fault{fault}, false
	}
	err := yaml.Load([]byte(text), out, yaml.WithKnownFields(), Limits)
	var all *yaml.LoadErrors
	switch {
	case err == nil, strings.TrimSpace(text) == "":
		return nil, true
	case !errors.As(err, &all):
		return []Fault{Unreadable(text, err)}, false
	}
	ok = true
	for _, e := range all.Errors {
		fault := Fault{max(e.Mark.Line, 1), e.Message}
		if strings.Contains(e.Message, "expected single document") {
			fault.Text, ok = "--- begins a second document in this file; keep one", false
		}
		if m := unknownField.FindStringSubmatch(e.Message); m != nil {
			fault.Text = UnknownKey(m[1], "", keys(reflect.TypeOf(out)))
		}
		if m := twice.FindStringSubmatch(e.Message); m != nil {
			fault.Text, ok = "the key "+m[1]+" stands here a second time; keep one", false
		}
		faults = append(faults, fault)
	}
	return faults, ok
}

// keys lists the YAML keys of a struct and of all structs within it.
func keys(t reflect.Type) []string {
	var all []string
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return keys(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			if tag, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); tag != "" {
				all = append(all, tag)
				all = append(all, keys(f.Type)...)
			}
		}
	}
	return all
}
