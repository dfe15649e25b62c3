package twilio

import (
	"errors"
	"net/url"
	"strconv"

	"supportbot"
)

// place is where a call stands. It is in the URL of the next hop, which Twilio
// signs, so that any node can take it and the same hop is the same message.
type place struct {
	n      int                  // the number of the hop, and so the id of its message
	lang   supportbot.Language  // Chinese until something else is known
	heard  int64                // of the last message in the transcript that the caller has heard
	before int64                // the same before what was heard last: from there it can be said again
	intro  int                  // how often the caller was asked for the language; 0 once that is settled
	queued bool                 // an agent is waited for or speaks
	texts  bool                 // the caller may go on by SMS
	tries  int                  // how often in a row something went wrong or was not done yet
	of     string               // of a call that we made: the conversation that it goes on with, "" for one of its own
	room   string               // the conference that the call is in, "" for none
	keyed  string               // the number that the caller keyed in to go on at, sealed; "" for none
	polls  int                  // how often it was looked whether an agent has come
	told   supportbot.CaseState // how the case stood when the caller was last told; "" if somebody is there, or waited for
}

// readPlace reads the query of a hop. One without a number is the first.
func readPlace(q url.Values) (p place, err error) {
	number := func(name string) int64 {
		if q.Get(name) == "" {
			return 0
		}
		n, wrong := strconv.ParseInt(q.Get(name), 10, 32)
		if wrong != nil || n < 0 {
			err = errors.New(name + ": must be a whole number from 0 up")
		}
		return n
	}
	p = place{
		n: int(number("n")), heard: number("heard"), before: number("before"), intro: int(number("intro")),
		tries: int(number("tries")), polls: int(number("polls")), queued: q.Get("queued") != "", texts: q.Get("texts") != "",
		lang: supportbot.Language(q.Get("lang")), of: q.Get("of"), room: q.Get("room"), keyed: q.Get("keyed"), told: supportbot.CaseState(q.Get("told")),
	}
	if !p.lang.Valid() {
		p.lang = supportbot.Chinese
	}
	return p, err
}

// url is the address of a hop at that place.
func (p place) url(path string) string { return path + "?" + p.query() }

func (p place) query() string {
	q := url.Values{"n": {strconv.Itoa(p.n)}, "lang": {string(p.lang)}}
	set := func(name string, n int64) {
		if n != 0 {
			q.Set(name, strconv.FormatInt(n, 10))
		}
	}
	set("heard", p.heard)
	set("before", p.before)
	set("intro", int64(p.intro))
	set("tries", int64(p.tries))
	set("polls", int64(p.polls))
	if p.queued {
		q.Set("queued", "1")
	}
	if p.texts {
		q.Set("texts", "1")
	}
	if p.of != "" {
		q.Set("of", p.of)
	}
	if p.room != "" {
		q.Set("room", p.room)
	}
	if p.told != "" {
		q.Set("told", string(p.told))
	}
	if p.keyed != "" {
		q.Set("keyed", p.keyed)
	}
	return q.Encode()
}

// to sends the call to another hop, from its place as change leaves it.
func (p place) to(path string, change func(*place)) []element {
	change(&p)
	return []element{verb("Redirect", "method", "POST").with(words(p.url(path)))}
}

// other is the language that is not l.
func other(l supportbot.Language) supportbot.Language {
	if l == supportbot.Chinese {
		return supportbot.English
	}
	return supportbot.Chinese
}
