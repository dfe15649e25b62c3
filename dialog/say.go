package dialog

import "supportbot"

// say tells the person something and goes on.
type say struct {
	text    supportbot.Text
	article string // whose text is said, "" if it is the step's own
	notice  bool
}

func parseSay(p *parser, o object) action {
	s := &say{notice: p.truth(o.fields["notice"], "notice")}
	n := o.fields["say"]
	if ref := mappingValue(n, "article"); ref != nil {
		p.object(n, "say", "article")
		s.article = p.str(ref, "article")
		return s
	}
	s.text = p.text(n, "say")
	return s
}

func (s *say) run(t *turn, _ *step) result {
	reply := t.reply(s.text)
	reply.Notice = s.notice
	t.emit(reply)
	return next
}

// speech is what a step says if it does nothing else.
func (s *step) speech() (*say, bool) {
	if s == nil {
		return nil, false
	}
	speech, ok := s.do.(*say)
	return speech, ok
}

func (s *say) exits() []Exit            { return nil }
func (s *say) passes() bool             { return true }
func (s *say) texts() []supportbot.Text { return []supportbot.Text{s.text} }
