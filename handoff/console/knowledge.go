package console

import (
	"context"
	"net/http"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/dialog"
	"supportbot/handoff"
)

// Knowledge is what the content in force has for those at the desk.
type Knowledge interface {
	// Search lists articles about some words of a language, the best first; all
	// articles if there are no words.
	Search(ctx context.Context, words string, lang supportbot.Language) ([]dialog.Article, error)

	// Codes lists what an agent may say that a case came to.
	Codes() []handoff.Code

	// Closed is what a person is told who asks for an agent now while the desk is closed
	// until it opens: in a chat, and on the phone.
	Closed(lang supportbot.Language, now, opens time.Time) (written, spoken string)

	// Reasons lists what cases are about: the flows, by name.
	Reasons() []Reason
}

// Reason is a flow out of which a case may come, and so a skill that an agent may have.
type Reason struct {
	Flow  string
	Title map[supportbot.Language]string
}

// reasonName titles a flow. What the content does not know any more stands for itself.
func (c *Console) reasonName(flow string, lang supportbot.Language) string {
	for _, reason := range c.knowledge.Reasons() {
		if reason.Flow == flow {
			return reason.Title[lang]
		}
	}
	return flow
}

// knownArticle is an article as an agent uses it.
type knownArticle struct {
	Topic string `json:"topic"`
	Title string `json:"title"`
	Text  string `json:"text"`  // all of it
	Reply string `json:"reply"` // what to answer with on a channel: the short words where space or time is dear
}

// know searches the knowledge for an answer in a language and on a channel.
func (c *Console) know(w http.ResponseWriter, r *http.Request, _ handoff.Agent) {
	lang := supportbot.Language(r.FormValue("language"))
	if !lang.Valid() {
		answerError(w, http.StatusBadRequest, "language must be zh or en")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	found, err := c.knowledge.Search(ctx, r.FormValue("q"), lang)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	articles := make([]knownArticle, len(found))
	for i, a := range found {
		name, _ := a.Name.In(lang)
		written, spoken := a.Text.In(lang)
		known := knownArticle{Topic: a.Topic, Title: name, Text: channels.PlainText(written)}
		known.Reply = known.Text
		if channel := supportbot.Channel(r.FormValue("channel")); spoken != "" && (channel.IsVoice() || channel == supportbot.SMS) {
			known.Reply = spoken
		}
		articles[i] = known
	}
	answer(w, http.StatusOK, map[string]any{"articles": articles})
}
