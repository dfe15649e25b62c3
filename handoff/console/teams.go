package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"supportbot"
	"supportbot/handoff"
)

// team is one to which cases are passed on, with what depends on it.
type team struct {
	Name   string   `json:"name"`
	Agents []string `json:"agents"`
	Cases  int      `json:"cases"` // that wait for it
}

// teams lists all teams.
func (c *Console) teams(w http.ResponseWriter, r *http.Request, _ handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	teams, err := c.readTeams(ctx)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"teams": teams})
}

func (c *Console) readTeams(ctx context.Context) ([]team, error) {
	names, err := c.accounts.Teams(ctx)
	if err != nil {
		return nil, err
	}
	staff, err := c.desk.Staff(ctx)
	if err != nil {
		return nil, err
	}
	queue, err := c.queue(ctx)
	if err != nil {
		return nil, err
	}
	teams := []team{}
	for _, name := range names {
		one := team{Name: name, Agents: []string{}}
		for _, s := range staff {
			if slices.Contains(s.Profile.Teams, name) {
				one.Agents = append(one.Agents, s.Name)
			}
		}
		for _, waiting := range queue {
			if waiting.Team == name {
				one.Cases++
			}
		}
		teams = append(teams, one)
	}
	return teams, nil
}

// addTeam makes a team.
func (c *Console) addTeam(w http.ResponseWriter, r *http.Request, admin handoff.Agent) {
	c.named(w, r, func(ctx context.Context, name string) error { return c.accounts.AddTeam(ctx, name, admin.Name) })
}

// renameTeam gives a team another name. A case keeps the name of the team that it
// waits for, so none may.
func (c *Console) renameTeam(w http.ResponseWriter, r *http.Request, admin handoff.Agent) {
	c.named(w, r, func(ctx context.Context, to string) error {
		if err := c.idle(ctx, r.PathValue("name")); err != nil {
			return err
		}
		return c.accounts.RenameTeam(ctx, r.PathValue("name"), to, admin.Name)
	})
}

// removeTeam removes a team for which no case waits; its agents stay.
func (c *Console) removeTeam(w http.ResponseWriter, r *http.Request, admin handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	err := c.idle(ctx, r.PathValue("name"))
	if err == nil {
		err = c.accounts.RemoveTeam(ctx, r.PathValue("name"), admin.Name)
	}
	c.teamDone(w, r, err)
}

// errTeamBusy: cases wait for a team.
var errTeamBusy = errors.New("cases wait for the team")

// idle is errTeamBusy if cases wait for a team.
func (c *Console) idle(ctx context.Context, name string) error {
	queue, err := c.queue(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(queue, func(one supportbot.Case) bool { return one.Team == name }) {
		return errTeamBusy
	}
	return nil
}

// named reads a name for a team, and answers what came of it.
func (c *Console) named(w http.ResponseWriter, r *http.Request, do func(ctx context.Context, name string) error) {
	var body struct {
		Name string `json:"name"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	err := handoff.ValidName(body.Name)
	if err == nil {
		err = do(ctx, body.Name)
	}
	c.teamDone(w, r, err)
}

func (c *Console) teamDone(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, supportbot.ErrNotFound):
		answerError(w, http.StatusNotFound, fmt.Sprintf("there is no team %q", r.PathValue("name")))
	case errors.Is(err, errTeamBusy):
		answerError(w, http.StatusConflict, "cases wait for this team; nothing was changed: have them taken or reassigned first")
	case err != nil:
		c.fail(w, r, err)
	default:
		answer(w, http.StatusOK, struct{}{})
	}
}

// knownTeam is ErrInvalid of a team with nobody in it, and so of one that is not there;
// none is fine. A case that waited for it would wait for nobody.
func (c *Console) knownTeam(ctx context.Context, name string) error {
	if name == "" {
		return nil
	}
	staff, err := c.desk.Staff(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(staff, func(s handoff.Staff) bool { return !s.Disabled && slices.Contains(s.Profile.Teams, name) }) {
		return nil
	}
	return invalid(fmt.Sprintf("there is no team %q with an agent in it", name))
}
