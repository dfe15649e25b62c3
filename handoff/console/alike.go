package console

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"supportbot"
	"supportbot/dialog"
	"supportbot/handoff"
)

// alikeBody is what one group shows.
type alikeBody struct {
	alike
	Sayings []saying
	All     int // sayings, shown or not
	Labels  []string
	book    *dialog.Book // nil if there is none
}

// Outside is the label of what is out of scope.
func (b alikeBody) Outside() string { return b.Labels[0] }

// Name is what people call a label, "" if it has only an id.
func (b alikeBody) Name(label string, lang supportbot.Language) string {
	if b.book == nil {
		return ""
	}
	button := "topic:" + label
	if name := dialog.ChoiceLabel(b.book, dialog.Session{Language: lang}, button); name != button {
		return name
	}
	return ""
}

// saying is what messages of a group say in the same words.
type saying struct {
	supportbot.Missed // the newest of them
	N                 int
}

func (c *Console) alikePage(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	c.showAlike(w, r, agent, http.StatusOK, "", r.PathValue("message"))
}

// showAlike shows the group that a message is in.
func (c *Console) showAlike(w http.ResponseWriter, r *http.Request, agent handoff.Agent, status int, problem, message string) {
	group, err := c.alike(r, message)
	if errors.Is(err, supportbot.ErrNotFound) {
		c.showMissed(w, r, agent, http.StatusNotFound, "refused.gone")
		return
	}
	if err != nil {
		c.broken(w, r, err)
		return
	}
	body := alikeBody{alike: newAlike(group), Sayings: sayings(group), Labels: c.lessons.Labels()}
	body.All = len(body.Sayings)
	body.Sayings = body.Sayings[:min(body.All, maxSayings)]
	if body.book, err = c.bookInForce(r); err != nil {
		c.broken(w, r, err)
		return
	}
	c.render(w, r, status, "alike.html", page{Agent: agent.Name, Problem: problem, Here: "/console/missed/" + message, Body: body})
}

// bookInForce is the book that has the names of topics, nil if there is none.
func (c *Console) bookInForce(r *http.Request) (*dialog.Book, error) {
	if c.library == nil {
		return nil, nil
	}
	versions, err := c.library.Versions(r.Context())
	if err != nil {
		return nil, err
	}
	return c.library.Book(r.Context(), inForce(versions))
}

// alike finds the group that a message is in, supportbot.ErrNotFound if it is in
// none.
func (c *Console) alike(r *http.Request, message string) (supportbot.Alike, error) {
	groups, err := c.lessons.Groups(r.Context())
	if err != nil {
		return supportbot.Alike{}, err
	}
	for _, g := range groups {
		for _, m := range g.Messages {
			if m.ID.String() == message {
				return g, nil
			}
		}
	}
	return supportbot.Alike{}, fmt.Errorf("%w: message %q", supportbot.ErrNotFound, message)
}

func sayings(g supportbot.Alike) (list []saying) {
	at := map[string]int{}
	for _, m := range g.Messages {
		i, ok := at[m.Text]
		if !ok {
			i = len(list)
			at[m.Text] = i
			list = append(list, saying{Missed: m})
		}
		list[i].N++
	}
	return list
}

// ticked are the messages of a group that a form means: those that say what the
// ticked ones say, or all.
func ticked(g supportbot.Alike, form url.Values) (ids []supportbot.MissedID) {
	said := map[string]bool{}
	for _, m := range g.Messages {
		if slices.Contains(form["message"], m.ID.String()) {
			said[m.Text] = true
		}
	}
	for _, m := range g.Messages {
		if said[m.Text] || form.Get("whole") != "" {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// withTicked calls f with what a form has ticked in its group, and shows the group
// again if f refuses that.
func (c *Console) withTicked(w http.ResponseWriter, r *http.Request, agent handoff.Agent, f func([]supportbot.MissedID) error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	in := r.PostFormValue("group")
	group, err := c.alike(r, in)
	if err == nil {
		err = f(ticked(group, r.PostForm))
	}
	switch {
	case errors.Is(err, supportbot.ErrInvalid):
		c.showAlike(w, r, agent, http.StatusBadRequest, "refused.missed", in)
	case errors.Is(err, supportbot.ErrNotFound):
		c.showMissed(w, r, agent, http.StatusNotFound, "refused.gone")
	case err != nil:
		c.broken(w, r, err)
	}
}

// exportForm answers with a file of phrases.
func (c *Console) exportForm(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	c.withTicked(w, r, agent, func(ids []supportbot.MissedID) error {
		files, err := c.lessons.Export(r.Context(), r.PostFormValue("label"), ids, agent.Name)
		if err != nil {
			return err
		}
		h := w.Header()
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", files[0].Label+".txt"))
		for _, f := range files {
			fmt.Fprint(w, f)
		}
		return nil
	})
}

// dismissForm takes messages out of the group, and shows what is left.
func (c *Console) dismissForm(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	c.withTicked(w, r, agent, func(ids []supportbot.MissedID) error {
		if err := c.lessons.Dismiss(r.Context(), ids, agent.Name); err != nil {
			return err
		}
		http.Redirect(w, r, "/console/missed?dismissed", http.StatusSeeOther)
		return nil
	})
}
