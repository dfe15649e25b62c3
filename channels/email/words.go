package email

import (
	"strings"

	"supportbot"
	"supportbot/channels"
)

// phrases are what a mail says beside the messages.
type phrases struct{ subject, before, open, page, after string }

var said = map[supportbot.Language]phrases{
	supportbot.Chinese: {
		subject: "客服给您的答复",
		before:  "您好。您在网页上问过我们，现在有答复了：",
		open:    "想接着说，请用当时的手机或电脑打开那个网页。",
		page:    "想接着说，请用当时的手机或电脑打开：",
		after: "请不要直接回复这封邮件，我们收不到。\n" +
			"我们从不在邮件里要密码、验证码或卡号。\n" +
			"如果不是您留的邮箱，不用理会这封邮件。",
	},
	supportbot.English: {
		subject: "The answer to your question",
		before:  "Hello. You asked us something on our page, and here is the answer:",
		open:    "To go on, open that page again, on the same phone or computer.",
		page:    "To go on, open this page on the same phone or computer:",
		after: "Please do not reply to this e-mail: we would not get it.\n" +
			"We never ask for a password, a code or a card number by e-mail.\n" +
			"If you did not leave this address with us, you need not do anything.",
	},
}

// words are the subject and the text of a mail.
func (s *Sender) words(l Letter) (subject, body string) {
	w, ok := said[l.Language]
	if !ok {
		w = said[supportbot.English]
	}
	parts := []string{w.before}
	for _, m := range l.Messages {
		parts = append(parts, s.config.Mask(channels.PlainText(m.Text)))
	}
	if s.config.Link != "" {
		parts = append(parts, w.page+"\n"+s.config.Link)
	} else {
		parts = append(parts, w.open)
	}
	return w.subject, strings.Join(append(parts, w.after), "\n\n") + "\n"
}
