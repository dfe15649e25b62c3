package telephone

import (
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// tag is an element of TwiML.
type tag struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Nodes   []tag      `xml:",any"`
	Text    string     `xml:",chardata"`
	Inner   string     `xml:",innerxml"`
}

func (n tag) attr(name, otherwise string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return otherwise
}

func (n tag) number(name string, otherwise int) int {
	if number, err := strconv.Atoi(n.attr(name, "")); err == nil {
		return number
	}
	return otherwise
}

func (n tag) seconds(name string, otherwise int) time.Duration {
	return time.Duration(n.number(name, otherwise)) * time.Second
}

// plain is the text of an element without the marks inside.
func plain(n tag) string {
	var text strings.Builder
	for d := xml.NewDecoder(strings.NewReader(n.Inner)); ; {
		token, err := d.Token()
		if err != nil {
			return strings.TrimSpace(text.String())
		}
		if words, ok := token.(xml.CharData); ok {
			text.Write(words)
		}
	}
}

// resolve is what a URL in a document means, which is at here.
func resolve(here, to string) string {
	base, err := url.Parse(here)
	if err != nil {
		return to
	}
	target, err := base.Parse(to)
	if err != nil {
		return to
	}
	return target.RequestURI()
}
