package dialog

import (
	"slices"
	"time"

	"supportbot"
)

// noMatch: what was said is no answer and nothing else either.
func (t *turn) noMatch() {
	q, _, ok := t.question()
	if !ok {
		t.startPattern(patternUnknown)
		return
	}
	f, _ := t.top()
	f.NoMatch++
	t.unanswered(q, q.ladders.noMatch, f.NoMatch)
}

// noInput: nothing was said in time. A chat without an open question may be
// silent for ever.
func (t *turn) noInput() {
	q, _, ok := t.question()
	switch {
	case ok:
	case t.s.Channel.IsVoice():
		t.startPattern(patternUnknown)
		return
	case t.mayRate():
		t.rate()
		return
	default:
		return
	}
	f, _ := t.top()
	f.NoInput++
	t.unanswered(q, q.ladders.silence(t.s.Channel.IsVoice()), f.NoInput)
}

// unanswered takes the rung of a ladder for the count-th time, or the last rung
// of the no-match ladder once the question went unanswered too often.
func (t *turn) unanswered(q *ask, rungs []Exit, count int) {
	f, _ := t.top()
	if f.NoMatch+f.NoInput >= totalCap {
		rungs = q.ladders.noMatch
		count = len(rungs)
	}
	rung := rungs[min(count, len(rungs))-1]
	if rung.Goto != "" || rung.End != "" {
		t.leave(rung)
		t.advance()
		return
	}
	t.sayText(rung.Say)
	if rung.Repeat {
		t.pose(q)
	}
}

// maxRepeats is how often the same may be asked to be said again, before that
// counts as not understood.
const maxRepeats = 3

// repeat says the open question again with what led to it, or the last article.
// It costs no attempt.
func (t *turn) repeat() bool {
	t.repeated = true
	if t.s.Repeats++; t.s.Repeats > maxRepeats {
		return false
	}
	if q, _, ok := t.question(); ok {
		if t.started() == patternMore {
			return t.start(t.s.Topic)
		}
		t.sayAgain()
		t.pose(q)
		return true
	}
	return t.s.Topic != "" && t.start(t.s.Topic)
}

// sayAgain says the steps that led to the open question.
func (t *turn) sayAgain() {
	f, flow := t.top()
	for _, id := range f.Said {
		if s := flow.step(id); s != nil {
			for _, text := range s.do.texts() {
				t.sayText(text)
			}
		}
	}
}

// start begins the flow of a topic, goes back to it if it is open, or gives the
// topic's article and goes on with what was open.
func (t *turn) start(topic string) bool { return t.startWith(topic, nil) }

// startWith starts a topic with answers that the words that named it hold. A
// flow that is open already keeps its own.
func (t *turn) startWith(topic string, said map[string]string) bool {
	flow := t.book.byTopic[topic]
	if name, ok := flowName(topic); ok {
		flow = t.book.flows[name]
	}
	if flow == nil {
		return t.answer(topic)
	}
	t.dropTransient()
	if !t.raise(flow.Name) {
		t.push(flow.Name, Frame{Slots: early(flow, said)})
	}
	t.advance()
	return true
}

// early keeps the answers that a flow takes from the words that start it.
func early(flow *Flow, said map[string]string) map[string]string {
	var slots map[string]string
	for name, value := range said {
		if slot := flow.Slots[name]; slot != nil && slices.Contains(slot.Early, value) {
			if slots == nil {
				slots = map[string]string{}
			}
			slots[name] = value
		}
	}
	return slots
}

// answer gives a topic's article. With nothing else open, it offers what is
// related.
func (t *turn) answer(topic string) bool {
	article, ok := t.book.guide.Articles[topic]
	if !ok {
		return false
	}
	t.dropTransient()
	t.s.Topic = topic
	t.out.Visited = append(t.out.Visited, "articles/"+topic)
	reply := t.reply(article)
	if len(t.s.Stack) == 0 && !t.s.Channel.HasButtons() {
		t.emit(reply)
		t.more(topic)
		return true
	}
	if len(t.s.Stack) == 0 {
		for _, related := range t.book.guide.Related[topic] {
			reply.Choices = append(reply.Choices, supportbot.Choice{Label: t.book.topicName(related, t.s.Language), Value: "topic:" + related})
		}
	}
	t.emit(reply)
	t.advance()
	return true
}

// more asks what else the person wants to know where that cannot be offered as
// buttons.
func (t *turn) more(topic string) {
	var related []string
	for _, other := range t.book.guide.Related[topic] {
		related = append(related, "topic:"+other)
	}
	t.push(patternMore, Frame{Pick: related})
	t.advance()
}

// clarify asks which of several topics is meant.
func (t *turn) clarify(topics []string) bool {
	var known []string
	for _, topic := range topics {
		if _, ok := t.book.guide.Topics[topic]; ok && len(known) < maxCandidates {
			known = append(known, "topic:"+topic)
		}
	}
	if t.s.Clarified++; len(known) == 0 || t.s.Clarified > maxClarified {
		return false
	}
	t.dropTransient()
	t.push(patternClarify, Frame{Pick: known})
	t.out.Asked = true
	t.advance()
	return true
}

// maxClarified is how often in a row it is asked back what is meant, before that
// counts as not understood.
const maxClarified = 2

// maxCandidates is how many topics are offered when a message is unclear; more
// is a menu, and nobody reads it.
const maxCandidates = 3

// agent brings a human: by the current flow's own way, which knows the urgency
// and what is to be verified, else by the general one.
func (t *turn) agent() {
	t.dropTransient()
	for i := len(t.s.Stack) - 1; i >= 0; i-- {
		f := &t.s.Stack[i]
		if step := t.book.flow(f.Flow).Agent; step != "" {
			t.s.Stack = t.s.Stack[:i+1]
			f.goTo(step)
			t.advance()
			return
		}
		if !f.Called {
			break
		}
	}
	t.start("flow:" + flowAgent)
}

// cancel stops the current flow, names it, and goes on with what waits.
func (t *turn) cancel() {
	t.dropTransient()
	if len(t.s.Stack) == 0 {
		t.pattern(patternNothing, nil)
		return
	}
	goal := t.book.flow(t.started()).Goal.Written[t.s.Language]
	t.s.Stack = t.s.Stack[:t.base()]
	t.closed = true
	t.s.Rating.Due = time.Time{} // who wants to stop is not asked for marks
	t.pattern(patternCancelled, map[string]string{"goal": goal})
	t.resume()
}

// resume goes on with the flow that waits; with several it asks which.
func (t *turn) resume() {
	if len(t.waiting()) > 1 {
		t.push(patternResume, Frame{Pick: t.waiting()})
	}
	t.advance()
}

// back returns to the question before, also that of the flow that called this
// one, never to one that lies behind a handoff.
func (t *turn) back() {
	for i := len(t.s.Stack) - 1; i >= 0; i-- {
		f := &t.s.Stack[i]
		flow := t.book.flow(f.Flow)
		for n := len(f.Trail); n > f.Behind; n-- {
			id := f.Trail[n-1]
			if !flow.sound(&Frame{Step: id, Slots: f.Slots, Proof: f.Proof}) {
				continue // a question of an earlier lap, whose way is forgotten
			}
			t.s.Stack = t.s.Stack[:i+1]
			f.goTo(id)
			f.clear(flow, flow.question(id).slot)
			delete(t.s.Known, flow.question(id).slot)
			t.advance()
			return
		}
		if !f.Called {
			break
		}
	}
	t.pattern(patternFirst, nil)
	t.advance()
}

// speak changes the language: to l, or to the other one.
func (t *turn) speak(l supportbot.Language) {
	if !l.Valid() {
		l = supportbot.Chinese
		if t.s.Language == l {
			l = supportbot.English
		}
	}
	t.s.Language = l
	t.pattern(patternLanguage, nil)
	if len(t.s.Stack) == 0 {
		t.start("flow:" + flowMenu)
		return
	}
	if _, _, ok := t.question(); ok {
		t.sayAgain() // what led to the question was in the other language
	}
	t.advance()
}

// greet says a greeting, then the open question or the menu.
func (t *turn) greet(pattern string) {
	t.pattern(pattern, nil)
	if len(t.s.Stack) == 0 {
		t.start("flow:" + flowMenu)
		return
	}
	t.advance()
}

// pattern runs a flow that repairs or steers, down to what was open before.
func (t *turn) pattern(name string, slots map[string]string) {
	floor := len(t.s.Stack)
	t.push(name, Frame{Slots: slots})
	t.advanceTo(floor)
}

// startPattern runs a pattern that asks something, in place of another one.
func (t *turn) startPattern(name string) {
	t.dropTransient()
	t.push(name, Frame{})
	t.advance()
}
