package twilio

import (
	"encoding/xml"
	"net/http"
)

// element is one element of TwiML, or text between elements. Its attributes come
// out in the order in which they were given, empty ones too, so that the same
// answer is the same bytes.
type element struct {
	name  string // "" for text
	attrs []xml.Attr
	text  string
	inner []element
}

// verb returns an element with attributes, as name and value in turn.
func verb(name string, attributes ...string) element {
	e := element{name: name}
	for i := 0; i+1 < len(attributes); i += 2 {
		e.attrs = append(e.attrs, xml.Attr{Name: xml.Name{Local: attributes[i]}, Value: attributes[i+1]})
	}
	return e
}

// with returns e with elements inside.
func (e element) with(inner ...element) element {
	e.inner = append(e.inner[:len(e.inner):len(e.inner)], inner...)
	return e
}

// words is text between elements. What XML cannot hold becomes U+FFFD.
func words(text string) element { return element{text: text} }

// MarshalXML implements xml.Marshaler.
func (e element) MarshalXML(to *xml.Encoder, _ xml.StartElement) error {
	if e.name == "" {
		return to.EncodeToken(xml.CharData(e.text))
	}
	start := xml.StartElement{Name: xml.Name{Local: e.name}, Attr: e.attrs}
	if err := to.EncodeToken(start); err != nil {
		return err
	}
	for _, child := range e.inner {
		if err := child.MarshalXML(to, xml.StartElement{}); err != nil {
			return err
		}
	}
	return to.EncodeToken(start.End())
}

// twiml is a whole answer.
func twiml(verbs []element) []byte {
	body, err := xml.Marshal(verb("Response").with(verbs...))
	if err != nil {
		panic(err) // a tree of elements always encodes
	}
	return append([]byte(xml.Header), body...)
}

func writeTwiML(w http.ResponseWriter, verbs []element) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(twiml(verbs)) // who has hung up hears no answer
}
