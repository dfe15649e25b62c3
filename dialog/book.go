package dialog

import (
	"strings"

	"supportbot"
)

// Book is the content that the engine runs on: proved, and never changed.
type Book struct {
	Version string // hash of all that it was made from

	guide   Guide
	flows   map[string]*Flow
	byTopic map[string]*Flow
	begins  map[string][]supportbot.Slot // by topic, the slots that its first words may fill
	was     map[string]string            // the names of flows, by those that they had
	menu    []*Flow                      // in the order of their keys
	names   []string
}

// Guide is what flows refer to beside each other.
type Guide struct {
	Topics   map[string]supportbot.Text // their names, by id
	Articles map[string]supportbot.Text // by topic
	Related  map[string][]string        // topics, by topic
	Hotlines map[string]string          // telephone numbers, by name
}

// Flows that the engine starts by itself: they must be in the content.
const (
	flowMenu  = "menu"
	flowAgent = "talk-to-agent"
)

// Flows that repair and steer. Their defaults are in patterns.yaml.
const (
	patternOpen      = "pattern-open"          // the conversation begins
	patternGreet     = "pattern-greet"         // the person says hello
	patternThanks    = "pattern-thanks"        // the person says thank you
	patternGoodbye   = "pattern-goodbye"       // the person says goodbye
	patternUnknown   = "pattern-unknown"       // nothing was understood, and nothing is open
	patternClarify   = "pattern-clarify"       // one of several topics is meant
	patternQuoted    = "pattern-quoted"        // sentences of articles were given
	patternMore      = "pattern-more"          // an article was given where buttons cannot offer what is related
	patternResume    = "pattern-resume"        // several flows wait
	patternCancelled = "pattern-cancelled"     // a flow was stopped
	patternNothing   = "pattern-nothing"       // there is nothing to stop
	patternCorrected = "pattern-corrected"     // an answer was changed
	patternFirst     = "pattern-first"         // there is no question before this one
	patternLanguage  = "pattern-language"      // another language from now on
	patternSecret    = "pattern-secret"        // a secret was removed
	patternExpired   = "pattern-expired"       // a verified identity has run out
	patternChanged   = "pattern-changed"       // the content has changed under an open flow, which begins again
	patternLost      = "pattern-lost"          // the content no longer has an open flow
	patternTakeTime  = "pattern-take-time"     // the person needs time
	patternStill     = "pattern-still-waiting" // nobody has come for a while
	patternWaiting   = "pattern-waiting"       // the person writes while waiting
	patternContact   = "pattern-contact"       // the person leaves a telephone number
	patternReach     = "pattern-reach"         // or an e-mail address, where mail is sent
	patternJoined    = "pattern-joined"        // an agent has come
	patternPhoned    = "pattern-joined-phone"  // by telephone
	patternLeft      = "pattern-left"          // the agent has gone, another will come
	patternLeftQueue = "pattern-left-queue"
	patternClosed    = "pattern-closed"      // the agent has ended the conversation
	patternRate      = "pattern-rate"        // what the person thought of an agent's help
	patternCall      = "pattern-call"        // the person wants to be called back rather than wait
	patternMissed    = "pattern-missed"      // the agent did not reach the person and calls again
	patternGaveUp    = "pattern-gave-up"     // nor ever
	patternShut      = "pattern-shut"        // the desk is closed
	patternLine      = "pattern-full"        // as many wait as may
	patternUrgent    = "pattern-urgent"      // the desk is closed, and it is urgent
	patternTaken     = "pattern-taken"       // the desk has opened again
	patternNext      = "pattern-next"        // nobody is before the person
	patternAhead     = "pattern-ahead"       // others are
	patternSoon      = "pattern-soon"        // and it is known how long it takes
	patternQuiet     = "pattern-quiet"       // the person is told no more until somebody comes
	patternHungUp    = "pattern-hung-up"     // the caller has gone and wants to be called back
	patternMoved     = "pattern-moved"       // the caller goes on in writing
	patternMovedTo   = "pattern-moved-keyed" // at a number that the caller keyed in

	patternPicture   = "pattern-picture"    // the person sent a picture
	patternPhoto     = "pattern-photo"      // a picture that an agent is shown
	patternNoPicture = "pattern-no-picture" // one that cannot be shown after all
	patternSound     = "pattern-sound"      // a voice message
	patternEdit      = "pattern-edit"       // the person changed an earlier message
	patternGroup     = "pattern-group"      // the person wrote where others read it
	patternSomething = "pattern-something"  // the person sent what is neither words nor any of these
)

var required = []string{
	flowMenu, flowAgent, patternOpen, patternGreet, patternThanks, patternGoodbye, patternUnknown, patternClarify,
	patternQuoted, patternMore, patternResume, patternCancelled, patternNothing, patternCorrected, patternFirst, patternLanguage, patternSecret,
	patternExpired, patternChanged, patternLost, patternTakeTime, patternStill, patternWaiting, patternContact, patternReach, patternJoined, patternPhoned, patternLeft, patternLeftQueue,
	patternClosed, patternRate, patternHungUp, patternMoved, patternMovedTo,
	patternPicture, patternPhoto, patternNoPicture, patternSound, patternEdit, patternGroup, patternSomething,
	patternCall, patternMissed, patternGaveUp, patternShut, patternLine, patternUrgent, patternTaken, patternNext, patternAhead, patternSoon, patternQuiet,
}

func (b *Book) flow(name string) *Flow { return b.flows[name] }

// Flows returns the names of all flows, sorted.
func (b *Book) Flows() []string { return b.names }

// Counts returns how many flows there are, those that the engine says by itself
// left out, and how many topics.
func (b *Book) Counts() (flows, topics int) {
	for _, name := range b.names {
		if !strings.HasPrefix(name, "pattern-") {
			flows++
		}
	}
	return flows, len(b.guide.Topics)
}

// Steps returns the ids of a flow's steps, in order.
func (b *Book) Steps(flow string) []string {
	var ids []string
	for _, s := range b.flows[flow].Steps {
		ids = append(ids, s.ID)
	}
	return ids
}

func (b *Book) topicName(topic string, l supportbot.Language) string {
	if f := b.byTopic[topic]; f != nil && !f.MenuLabel.IsZero() {
		return f.MenuLabel.Written[l]
	}
	return b.guide.Topics[topic].Written[l]
}

// flowName reads "flow:NAME", which stands where a topic can.
func flowName(topic string) (string, bool) { return strings.CutPrefix(topic, "flow:") }

// topicOf is the topic of what a start names: itself, or that on which the flow
// starts; "" if the flow starts on none.
func (b *Book) topicOf(start string) string {
	name, ok := flowName(start)
	if !ok {
		return start
	}
	if f := b.flows[name]; f != nil && len(f.Topics) > 0 {
		return f.Topics[0]
	}
	return ""
}

// Where a pick takes its options from.
var pickSources = []string{"menu", "candidates", "waiting"}

// pick makes the options of a pick: from the menu or from candidates, with the
// slot's own behind them.
func (b *Book) pick(slot *Slot, candidates []string) []supportbot.Option {
	var options []supportbot.Option
	add := func(value string, label map[supportbot.Language]string, key string) {
		if key == "" {
			key = string(rune('1' + len(options)))
		}
		options = append(options, supportbot.Option{Value: value, Label: label, Key: key})
	}
	topic := func(id string) map[supportbot.Language]string {
		label := map[supportbot.Language]string{}
		for _, l := range supportbot.Languages {
			label[l] = b.topicName(id, l)
		}
		return label
	}
	for _, id := range slot.Topics {
		add("topic:"+id, topic(id), "")
	}
	switch slot.From {
	case "menu":
		for _, f := range b.menu {
			add("flow:"+f.Name, f.MenuLabel.Written, f.MenuKey)
		}
	case "candidates":
		for _, c := range candidates {
			add(c, topic(strings.TrimPrefix(c, "topic:")), "")
		}
	case "waiting":
		for _, c := range candidates {
			if f := b.flows[c]; f != nil {
				add("flow:"+c, f.Goal.Written, "")
			}
		}
	}
	for _, o := range slot.Options {
		o.Key = string(rune('1' + len(options)))
		options = append(options, o)
	}
	return options
}

// offered tells whether a person may start a flow by name: one of the menu, one
// of a topic, or the menu itself, but none that the engine keeps for itself.
func (b *Book) offered(name string) bool {
	f := b.flows[name]
	return f != nil && (f.MenuKey != "" || len(f.Topics) > 0 || name == flowMenu || name == flowAgent)
}

// Starts tells whether a topic starts a flow.
func (b *Book) Starts(topic string) bool { return b.byTopic[topic] != nil }

// Taught returns, for every fact that a step names, the steps that teach it, as
// "flow/step".
func (b *Book) Taught() map[string][]string {
	taught := map[string][]string{}
	for _, name := range b.names {
		for _, s := range b.flows[name].Steps {
			for _, fact := range s.Teaches {
				taught[fact] = append(taught[fact], name+"/"+s.ID)
			}
		}
	}
	return taught
}
