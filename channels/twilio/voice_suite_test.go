package twilio

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/channeltest"
)

// TestVoiceSuite holds calls to what all channels are held to. A body is the address
// of a hop, a space, and its form.
func TestVoiceSuite(t *testing.T) {
	at := supportbot.Address{Channel: supportbot.Voice, Peer: strings.Map(lettered, sid)}
	turn := pathTurn + "?lang=zh&n=3"
	channeltest.Run(t, channeltest.Suite{
		Channel: supportbot.Voice,
		Receive: &channeltest.Receiver{
			New: func(conv channels.Conversations) []channels.Route {
				return NewVoice(conv, account, "4008001234", slog.New(slog.DiscardHandler)).Routes()
			},
			Request: hopRequest,
			Forge:   forgeSignature,
			Wire: func(_ *testing.T, routes http.Handler) func(string) channeltest.Answer {
				return func(body string) channeltest.Answer {
					w := httptest.NewRecorder()
					routes.ServeHTTP(w, hopRequest(body))
					return channeltest.Answer{Status: madeOf(w), Body: w.Body.String()}
				}
			},
			Payloads: []channeltest.Payload{
				{Name: "the call comes in", Body: hopBody(pathCall, "Direction", "inbound", "CallStatus", "ringing", "FromCountry", "CN", "ApiVersion", "2010-04-01")},
				{Name: "words", Body: hopBody(turn, "SpeechResult", " 密码忘了。", "Confidence", "0.91", "Language", "cmn-Hans-CN"),
					Want: []supportbot.Inbound{{Address: at, ID: "3", Kind: supportbot.InText, Text: "密码忘了。"}}},
				{Name: "a key", Body: hopBody(turn, "Digits", "2", "FinishedOnKey", ""),
					Want: []supportbot.Inbound{{Address: at, ID: "3", Kind: supportbot.InDigits, Digits: "2"}}},
				{Name: "the key of the other language", Body: hopBody(turn, "Digits", "*"),
					Want: []supportbot.Inbound{{Address: at, ID: "3", Kind: supportbot.InChoice, Choice: "language:en"}}},
				{Name: "silence", Body: hopBody(turn), Want: []supportbot.Inbound{{Address: at, ID: "3", Kind: supportbot.InSilence}}},
				{Name: "a language is chosen", Body: hopBody(pathTurn+"?intro=1&lang=zh&n=1", "Digits", "2"),
					Want: []supportbot.Inbound{{Address: at, ID: "1", Kind: supportbot.InOpen, Language: supportbot.English}}},
				{Name: "hung up before a word", Body: hopBody(pathEnd, "CallStatus", "completed", "CallDuration", "4")},
			},
			Numbered: func(p, n int) string {
				return hopBody(fmt.Sprintf("%s?lang=zh&n=%d", pathTurn, n), "CallSid", fmt.Sprintf("CA%032x", p), "SpeechResult", fmt.Sprint(n))
			},
			MaxBody:  maxBody,
			Forged:   http.StatusForbidden,
			Conflict: http.StatusConflict,
			Invalid:  http.StatusServiceUnavailable, // the caller is asked to say it again
		},
		Shown: func(m supportbot.Message) []string {
			return saidIn(parsed(t, string(twiml(speak(place{lang: supportbot.Chinese}, []supportbot.Message{m}, false)))))
		},
	})
}

// hopBody is the body of a hop, with fields as name and value in turn.
func hopBody(target string, fields ...string) string {
	form := url.Values{"AccountSid": {account.AccountSID}, "CallSid": {sid}, "From": {mei}, "To": {account.From}, "CallStatus": {"in-progress"}}
	return target + " " + with(form, fields...).Encode()
}

func hopRequest(body string) *http.Request {
	target, fields, _ := strings.Cut(body, " ")
	form, err := url.ParseQuery(fields)
	if err != nil {
		panic(err) // made here
	}
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(fields))
	r.Header.Set("Content-Type", formKind)
	r.Header.Set(SignatureHeader, Sign(token, public+target, form))
	return r
}

// madeOf tells what came of a hop. Whoever is on the line hears it, whatever it is, so
// that the status is always 200: who was not heard is asked to say it again, in the
// same hop, or in the next where the id was used for other words.
func madeOf(w *httptest.ResponseRecorder) int {
	switch body := w.Body.String(); {
	case !strings.Contains(body, sorries[supportbot.Chinese]):
		return w.Code
	case strings.Contains(body, "tries="):
		return http.StatusServiceUnavailable
	}
	return http.StatusConflict
}

// saidIn is what each <Say> speaks.
func saidIn(e heardElement) (all []string) {
	if e.Name == "Say" {
		return []string{wordsOf(e)}
	}
	for _, inner := range e.Inner {
		all = append(all, saidIn(inner)...)
	}
	return all
}

func wordsOf(e heardElement) string {
	words := e.Text
	for _, inner := range e.Inner {
		words += wordsOf(inner)
	}
	return words
}
