package console

import "supportbot/handoff"

// adminRoutes are those by which an admin says when the desk is open and who works
// there.
func (c *Console) adminRoutes() map[string]guarded {
	return map[string]guarded{
		"GET /console/hours":                       c.page(c.hoursPage),
		"GET /console/api/hours":                   c.api(c.hours),
		"PUT /console/api/hours":                   c.api(c.setHours),
		"GET /console/agents":                      c.page(c.agentsPage),
		"GET /console/api/roster":                  c.api(c.roster),
		"POST /console/api/agents":                 c.api(c.hire),
		"PUT /console/api/agents/{name}":           c.api(c.setProfile),
		"PATCH /console/api/agents/{name}":         c.api(c.changeAgent),
		"DELETE /console/api/agents/{name}":        c.api(c.dismiss),
		"POST /console/api/agents/{name}/password": c.api(c.newPassword),
		"GET /console/api/teams":                   c.api(c.teams),
		"POST /console/api/teams":                  c.api(c.addTeam),
		"PUT /console/api/teams/{name}":            c.api(c.renameTeam),
		"DELETE /console/api/teams/{name}":         c.api(c.removeTeam),
	}
}

// placed is a page that admins and supervisors reach from everywhere.
func (c *Console) placed(agent handoff.Agent, here string) page {
	boss := agent.Role.Includes(handoff.RoleSupervisor)
	return page{Agent: agent.Name, Boss: boss, Admin: agent.Role.Includes(handoff.RoleAdmin), Reports: c.reports != nil && boss, Here: here}
}
