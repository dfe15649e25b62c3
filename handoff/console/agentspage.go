package console

import (
	"net/http"
	"slices"
	"strings"

	"supportbot"
	"supportbot/handoff"
)

// agentsBody is what the page of agents and teams shows.
type agentsBody struct {
	Agents    []handoff.Account
	Teams     []team
	Skills    []skill
	Languages []supportbot.Language
	Roles     []handoff.Role
	Capacity  int // the most
	Phones    bool
	About     string // the agent or team to whom something was just done, "" if nothing was
}

// skill is a flow with the agents who know it.
type skill struct {
	Flow   string
	Title  string // "" if the content does not have it any more
	Agents []string
}

func (c *Console) agentsPage(w http.ResponseWriter, r *http.Request, admin handoff.Agent) {
	agents, err := c.accounts.Roster(r.Context())
	if err != nil {
		c.broken(w, r, err)
		return
	}
	teams, err := c.readTeams(r.Context())
	if err != nil {
		c.broken(w, r, err)
		return
	}
	p := c.placed(admin, "/console/agents")
	p.Body = agentsBody{
		Agents: agents, Teams: teams, Skills: c.skills(agents, c.language(w, r)), Languages: supportbot.Languages, Phones: c.phones != nil,
		Roles: []handoff.Role{handoff.RoleAgent, handoff.RoleSupervisor, handoff.RoleAdmin}, Capacity: handoff.MaxCapacity,
		About: r.URL.Query().Get("about"),
	}
	c.render(w, r, http.StatusOK, "agents.html", p)
}

// skills lists what cases may be about, and behind it what agents are said to know
// though the content does not have it any more.
func (c *Console) skills(agents []handoff.Account, lang supportbot.Language) (skills []skill) {
	for _, reason := range c.knowledge.Reasons() {
		skills = append(skills, skill{Flow: reason.Flow, Title: reason.Title[lang]})
	}
	for _, a := range agents {
		for _, flow := range a.Profile.Skills {
			i := slices.IndexFunc(skills, func(s skill) bool { return s.Flow == flow })
			if i < 0 {
				i, skills = len(skills), append(skills, skill{Flow: flow})
			}
			skills[i].Agents = append(skills[i].Agents, a.Name)
		}
	}
	return skills
}

// Join lists names.
func (p page) Join(names []string) string {
	if p.Lang == supportbot.Chinese {
		return strings.Join(names, "、")
	}
	return strings.Join(names, ", ")
}

// SkillName titles a skill on the page of agents.
func (b agentsBody) SkillName(flow string) string {
	for _, s := range b.Skills {
		if s.Flow == flow && s.Title != "" {
			return s.Title
		}
	}
	return flow
}
