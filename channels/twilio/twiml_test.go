package twilio

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/twilio/twiliotest"
)

// heardElement is an element as a reader of TwiML sees it.
type heardElement struct {
	Name  string            `json:"name"`
	Attrs map[string]string `json:"attrs"`
	Text  string            `json:"text"`
	Inner []heardElement    `json:"inner"`
}

func parsed(t *testing.T, body string) heardElement {
	t.Helper()
	root := heardElement{}
	open := []*heardElement{&root}
	for d := xml.NewDecoder(strings.NewReader(body)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root.Inner[0]
		}
		if err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		at := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := heardElement{Name: token.Name.Local, Attrs: map[string]string{}}
			for _, a := range token.Attr {
				e.Attrs[a.Name.Local] = a.Value
			}
			at.Inner = append(at.Inner, e)
			open = append(open, &at.Inner[len(at.Inner)-1])
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 1 {
				at.Inner = append(at.Inner, heardElement{Text: string(token)})
			}
		}
	}
}

// TestTwiMLIsWhatTwiliosLibraryBuilds has Twilio's own library build the verbs of
// every kind of answer.
func TestTwiMLIsWhatTwiliosLibraryBuilds(t *testing.T) {
	p := place{n: 3, lang: supportbot.Chinese, heard: 7}
	reply := supportbot.Message{Seq: 8, From: supportbot.FromBot, Text: "请打110 & <报警>", Choices: []supportbot.Choice{{Label: "好", Key: "1"}}}
	notice, number := reply, reply
	notice.Notice, number.Keys = true, 15
	agent := supportbot.Message{Seq: 9, From: supportbot.FromAgent, Text: "It's \"me\""}
	waits := channels.Status{Language: supportbot.English, Case: &supportbot.CaseRef{State: supportbot.CaseWaiting}}
	v := NewVoice(nil, account, "4008001234", nil)
	var bodies []string
	for _, verbs := range [][]element{
		intro(p),
		speak(p, []supportbot.Message{notice, reply}, false),
		speak(p, []supportbot.Message{number}, false),
		speak(p, []supportbot.Message{reply}, true),
		tell(p, waits, []supportbot.Message{reply, agent}),
		tell(p, channels.Status{Language: supportbot.Chinese, Case: waits.Case, Agent: "Lin"}, nil),
		v.giveUp(supportbot.English),
		p.to(pathLate, func(p *place) { p.tries++ }),
		{say(p.lang, "一"), verb("Pause", "length", "2"), verb("Hangup")},
	} {
		bodies = append(bodies, string(twiml(verbs)))
	}
	bodies = append(bodies, onTheTelephonesOfAgents(t)...)
	bodies = append(bodies, toWhoCallsTooOften(t), answered("请打110 & <报警>"), answered(""))
	trees := make([]heardElement, len(bodies))
	for i, body := range bodies {
		trees[i] = parsed(t, body)
	}
	for _, name := range verbsOfTheSource(t) {
		if !slices.ContainsFunc(trees, func(e heardElement) bool { return e.has(name) }) {
			t.Errorf("<%s> is written somewhere, and compared nowhere", name)
		}
	}
	var built []string
	twiliotest.Node(t, `
const { MessagingResponse, VoiceResponse } = require('twilio').twiml;
const build = (parent, e) => {
  if (e.name === '') { parent.addText(e.text); return; }
  const texts = (e.inner || []).every((c) => c.name === '');
  const text = texts ? (e.inner || []).map((c) => c.text).join('') : '';
  let made;
  switch (e.name) {
    case 'Say': made = texts ? parent.say(e.attrs, text) : parent.say(e.attrs, ''); break;
    case 'say-as': made = parent.sayAs(e.attrs, text); break;
    case 'Redirect': made = parent.redirect(e.attrs, text); break;
    case 'Gather': made = parent.gather(e.attrs); break;
    case 'Pause': made = parent.pause(e.attrs); break;
    case 'Hangup': made = parent.hangup(); break;
    case 'Reject': made = parent.reject(e.attrs); break;
    case 'Dial': made = parent.dial(e.attrs); break;
    case 'Conference': made = parent.conference(e.attrs, text); break;
    case 'Message': made = parent.message(e.attrs, text); break;
    default: throw new Error(e.name);
  }
  if (!texts) e.inner.forEach((c) => build(made, c));
};
console.log(JSON.stringify(input.map((root) => {
  const response = (root.inner || []).some((e) => e.name === 'Message') ? new MessagingResponse() : new VoiceResponse();
  (root.inner || []).forEach((e) => build(response, e));
  return response.toString();
})));`, trees, &built)
	if len(built) != len(bodies) {
		t.Fatalf("%d answers, %d were built", len(bodies), len(built))
	}
	for i := range bodies {
		if diff := cmp.Diff(parsed(t, built[i]), trees[i]); diff != "" {
			t.Errorf("Twilio's library builds\n%s\nwe\n%s\n%s", built[i], bodies[i], diff)
		}
	}
}

// onTheTelephonesOfAgents is what agents hear, and the conference where they meet
// callers.
func onTheTelephonesOfAgents(t *testing.T) (bodies []string) {
	b := newBoard(t, "", askedLine())
	for _, h := range []webhookOf{deskScreens, deskAccepts, {pathHold, nil, []string{"CallSid", sid}}, {pathDeskEnd, nil, []string{"CallSid", deskCall}}} {
		bodies = append(bodies, b.post(h.path, h.query, h.fields...))
	}
	return bodies
}

func toWhoCallsTooOften(t *testing.T) (body string) {
	l := dialled(t, newLineBot())
	for range callsAtOnce + 1 {
		body = l.hears(pathCall, nil)
	}
	return body
}

// answered is an answer to a message.
func answered(text string) string {
	w := httptest.NewRecorder()
	respond(w, text)
	return w.Body.String()
}

var written = regexp.MustCompile(`verb\("([A-Za-z-]+)"`)

// verbsOfTheSource are all that the package writes.
func verbsOfTheSource(t *testing.T) (names []string) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range written.FindAllSubmatch(source, -1) {
			if !strings.HasSuffix(file, "_test.go") {
				names = append(names, string(found[1]))
			}
		}
	}
	return names
}

// has tells whether an element is, or holds, one of a name.
func (e heardElement) has(name string) bool {
	return e.Name == name || slices.ContainsFunc(e.Inner, func(inner heardElement) bool { return inner.has(name) })
}

func TestAttributesKeepTheirOrder(t *testing.T) {
	got := string(twiml([]element{verb("Gather", "z", "1", "a", "", "m", `<"&`).with(words("x"), verb("Hangup"))}))
	want := xml.Header + `<Response><Gather z="1" a="" m="&lt;&#34;&amp;">x<Hangup></Hangup></Gather></Response>`
	if got != want {
		t.Errorf("got %s", got)
	}
}

func TestPlacesInURLs(t *testing.T) {
	want := place{n: 12, lang: supportbot.English, heard: 4, before: 2, intro: 1, queued: true, tries: 3, polls: 9}
	_, query, _ := strings.Cut(want.url(pathTurn), "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readPlace(values)
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}
