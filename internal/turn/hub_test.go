package turn

import (
	"testing"

	"supportbot"
)

func TestHintsOfOtherProcesses(t *testing.T) {
	mei := supportbot.Address{Channel: supportbot.Web, Peer: "mei"}
	ann := supportbot.Address{Channel: supportbot.Web, Peer: "ann"}
	for name, c := range map[string]struct {
		knows          bool // the numbers of both conversations, 1 and 2
		hint           Hint
		mei, ann, desk bool
	}{
		"one of two":            {knows: true, hint: Hint{Thread: 1, Seq: 5}, mei: true},
		"the other":             {knows: true, hint: Hint{Thread: 2, Seq: 5}, ann: true},
		"with a case":           {knows: true, hint: Hint{Thread: 2, Seq: 5, Case: true}, ann: true, desk: true},
		"of nobody here":        {knows: true, hint: Hint{Thread: 3, Seq: 5}},
		"at everything":         {knows: true, hint: Hint{}, mei: true, ann: true, desk: true},
		"numbers not yet known": {hint: Hint{Thread: 3, Seq: 5}, mei: true, ann: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := &Path{}
			toMei, stopMei := p.Watch(mei)
			toAnn, stopAnn := p.Watch(ann)
			toDesk, stopDesk := p.WatchCases()
			if c.knows {
				p.hub.learn(mei, 1)
				p.hub.learn(ann, 2)
			}
			p.hub.heard(c.hint)
			for who, got := range map[string]struct {
				c    <-chan struct{}
				want bool
			}{"mei": {toMei, c.mei}, "ann": {toAnn, c.ann}, "the desk": {toDesk, c.desk}} {
				if (len(got.c) == 1) != got.want {
					t.Errorf("%s was hinted at: %v, want %v", who, len(got.c) == 1, got.want)
				}
			}
			stopMei()
			stopAnn()
			stopDesk()
			if len(p.hub.threads)+len(p.hub.known)+len(p.hub.unknown)+len(p.hub.cases) > 0 {
				t.Errorf("watchers have gone and left %+v", p.hub.threads)
			}
		})
	}
}
