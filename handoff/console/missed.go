package console

import (
	"cmp"
	"net/http"
	"slices"

	"supportbot"
	"supportbot/handoff"
)

func (c *Console) missedRoutes() map[string]guarded {
	return map[string]guarded{
		"GET /console/missed":              c.page(c.missedPage),
		"GET /console/missed/{message}":    c.page(c.alikePage),
		"POST /console/missed/export":      c.page(c.exportForm),
		"POST /console/missed/dismiss":     c.page(c.dismissForm),
		"GET /console/api/missed":          c.api(c.missed),
		"POST /console/api/missed/export":  c.api(c.exportMissed),
		"POST /console/api/missed/dismiss": c.api(c.dismissMissed),
	}
}

// What one page shows at most.
const (
	maxGroups  = 100
	maxSayings = 200
)

// missedBody is what the list of groups shows.
type missedBody struct {
	Groups    []alike
	All       int // groups, shown or not
	Dismissed bool
}

// alike is a group as the pages show it.
type alike struct {
	supportbot.Alike
	Text      string // the most typical
	Languages []counted
	Guessed   []counted
	Meant     []counted
}

// counted is how often something occurs.
type counted struct {
	What string
	N    int
}

func newAlike(g supportbot.Alike) alike {
	a := alike{Alike: g, Text: g.Messages[0].Text}
	languages, guessed, meant := map[string]int{}, map[string]int{}, map[string]int{}
	for _, m := range g.Messages {
		if m.Language.Valid() {
			languages[string(m.Language)]++
		}
		if len(m.Guesses) > 0 {
			guessed[m.Guesses[0].Topic]++
		}
		if m.Meant != "" {
			meant[m.Meant]++
		}
	}
	a.Languages, a.Guessed, a.Meant = most(languages), most(guessed), most(meant)
	return a
}

// most lists the three that occur most.
func most(count map[string]int) (list []counted) {
	for what, n := range count {
		list = append(list, counted{what, n})
	}
	slices.SortFunc(list, func(a, b counted) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.What, b.What)) })
	return list[:min(3, len(list))]
}

func (c *Console) missedPage(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	c.showMissed(w, r, agent, http.StatusOK, "")
}

// showMissed shows the list of groups, with the key of a problem.
func (c *Console) showMissed(w http.ResponseWriter, r *http.Request, agent handoff.Agent, status int, problem string) {
	groups, err := c.lessons.Groups(r.Context())
	if err != nil {
		c.broken(w, r, err)
		return
	}
	body := missedBody{All: len(groups), Dismissed: r.URL.Query().Has("dismissed")}
	for _, g := range groups[:min(len(groups), maxGroups)] {
		body.Groups = append(body.Groups, newAlike(g))
	}
	c.render(w, r, status, "missed.html", page{Agent: agent.Name, Problem: problem, Here: "/console/missed", Body: body})
}
