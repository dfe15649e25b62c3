package dialog

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"supportbot"
	"supportbot/internal/authoring"
)

// parser reads the flows of one file. It never stops at a mistake: it notes the
// problem and reads on, so that a writer sees all of them at once.
type parser struct {
	file     string
	problems *Problems
}

func (p *parser) at(n *yaml.Node) pos {
	if n == nil {
		return pos{p.file, 1}
	}
	return pos{p.file, n.Line}
}

func (p *parser) fail(n *yaml.Node, format string, args ...any) {
	p.problems.add(p.at(n), format, args...)
}

// parse reads every YAML document of a file as a flow.
func (p *parser) parse(data []byte) []*Flow {
	var flows []*Flow
	docs, err := yaml.NewLoader(bytes.NewReader(data), authoring.Limits)
	for {
		var doc yaml.Node
		if err == nil {
			err = docs.Load(&doc)
		}
		if errors.Is(err, io.EOF) {
			return flows
		}
		if err != nil {
			fault := authoring.Unreadable(string(data), err)
			p.problems.add(pos{p.file, fault.Line}, "%s", fault.Text)
			return flows
		}
		if len(doc.Content) > 0 {
			if f := p.flow(doc.Content[0]); f != nil {
				flows = append(flows, f)
			}
		}
	}
}

// object is a mapping whose keys are known.
type object struct {
	node   *yaml.Node
	fields map[string]*yaml.Node
}

// object reads a mapping and refuses keys that are not among known.
func (p *parser) object(n *yaml.Node, what string, known ...string) object {
	o := object{n, map[string]*yaml.Node{}}
	p.pairs(n, what, func(key, value *yaml.Node) {
		if !slices.Contains(known, key.Value) {
			p.fail(key, "%s", unknownKey(key.Value, what, known))
			return
		}
		o.fields[key.Value] = value
	})
	return o
}

// unknownKey says what a key that is not known was probably meant to be.
func unknownKey(key, what string, known []string) string {
	said := authoring.UnknownKey(key, " in "+what, nil)
	if strings.HasPrefix(said, "unknown key") {
		said += didYouMean(key, known) + "; known: " + oneOf(known)
	}
	return said
}

// pairs calls f for every key of a mapping, in order.
func (p *parser) pairs(n *yaml.Node, what string, f func(key, value *yaml.Node)) {
	if n == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		p.fail(n, "%s must be a mapping of keys to values", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			p.fail(key, "key %q stands twice in %s; keep one", key.Value, what)
			continue
		}
		seen[key.Value] = true
		f(key, n.Content[i+1])
	}
}

// items calls f for every item of a list.
func (p *parser) items(n *yaml.Node, what string, f func(item *yaml.Node)) {
	if n == nil {
		return
	}
	if n.Kind != yaml.SequenceNode {
		p.fail(n, "%s must be a list", what)
		return
	}
	for _, item := range n.Content {
		f(item)
	}
}

func (p *parser) str(n *yaml.Node, what string) string {
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode {
		p.fail(n, "%s must be a word or a sentence", what)
		return ""
	}
	return n.Value
}

func (p *parser) strs(n *yaml.Node, what string) []string {
	var list []string
	p.items(n, what, func(item *yaml.Node) {
		s := p.str(item, what)
		if authoring.Joined(s) {
			p.fail(item, "%q in %s is one name; the comma is full-width, write , and a space between names", s, what)
		}
		list = append(list, s)
	})
	return list
}

func (p *parser) truth(n *yaml.Node, what string) bool {
	s := p.str(n, what)
	if s != "" && s != "true" && s != "false" {
		p.fail(n, "%s must be true or false, not %q", what, s)
	}
	return s == "true"
}

func (p *parser) number(n *yaml.Node, what string) int {
	s := p.str(n, what)
	if s == "" {
		return 0
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < 0 {
		p.fail(n, "%s must be a whole number, not %q", what, s)
	}
	return i
}

func (p *parser) duration(n *yaml.Node, what string) time.Duration {
	s := p.str(n, what)
	if s == "" {
		return 0
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		p.fail(n, "%s must be a time like 30m or 24h, not %q", what, s)
	}
	return d
}

// text reads {zh, en, voice: {zh, en}}: no language may be missing.
func (p *parser) text(n *yaml.Node, what string) supportbot.Text {
	if n == nil {
		return supportbot.Text{}
	}
	o := p.object(n, what, "zh", "en", "voice")
	t := supportbot.Text{Written: p.languages(o, what)}
	if v := o.fields["voice"]; v != nil {
		t.Spoken = p.languages(p.object(v, "voice of "+what, "zh", "en"), "voice of "+what)
	}
	return t
}

func (p *parser) languages(o object, what string) map[supportbot.Language]string {
	texts := map[supportbot.Language]string{}
	for _, l := range supportbot.Languages {
		s := strings.TrimSpace(p.str(o.fields[string(l)], what+" in "+string(l)))
		if s == "" {
			p.fail(o.node, "%s has no %s; write it in zh and en", what, l)
		}
		texts[l] = s
	}
	return texts
}

// mappingValue returns the value of a key, nil if n is no mapping or lacks it.
func mappingValue(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}
