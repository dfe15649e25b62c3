package main

// Paths of what admins change.
const (
	agentsPath   = "/console/api/agents"
	newcomerPath = agentsPath + "/newcomer"
	teamsPath    = "/console/api/teams"
	teamPath     = teamsPath + "/night"
)

// adminCalls are all calls that only admins may make, but for the hours, with bodies
// that are right.
var adminCalls = []struct{ method, path, body string }{
	{"GET", "/console/api/roster", ""},
	{"POST", agentsPath, `{"name":"newcomer"}`},
	{"POST", newcomerPath + "/password", ""},
	{"PATCH", newcomerPath, `{"role":"supervisor","disabled":true}`},
	{"POST", teamsPath, `{"name":"night"}`},
	{"PUT", teamPath, `{"name":"night"}`},
	{"DELETE", teamPath, ""},
	{"DELETE", newcomerPath, ""},
}

// adminAnswers has an admin hire and dismiss, and make and remove a team.
func adminAnswers(c *contract, other, boss []string) {
	for _, call := range adminCalls {
		if call.path == teamPath && call.method == "PUT" {
			call.body = `{"name":"late"}`
			c.call(200, call.method, call.path, call.body, boss...)
			c.call(200, call.method, teamsPath+"/late", `{"name":"night"}`, boss...)
		} else {
			c.call(200, call.method, call.path, call.body, boss...)
		}
		c.call(401, call.method, call.path, call.body)
		c.call(403, call.method, call.path, call.body, other...)
		if call.body != "" {
			c.call(413, call.method, call.path, tooLarge, boss...)
			c.call(400, call.method, call.path, `{"name":" ","role":"king"}`, boss...)
		}
	}
	for _, call := range adminCalls[2:] {
		if call.method != "POST" || call.path == newcomerPath+"/password" {
			c.call(404, call.method, call.path, call.body, boss...) // nobody and nothing is there any more
		}
	}
	c.call(400, "PATCH", agentsPath+"/boss", `{"role":"agent"}`, boss...) // the last admin
	c.call(400, "DELETE", agentsPath+"/boss", "", boss...)
	c.call(200, "GET", teamsPath, "", other...)
	c.call(401, "GET", teamsPath, "")
}

// teamBusy has a case wait for a team.
func teamBusy(c *contract, id string, other, boss []string) {
	c.call(200, "POST", teamsPath, `{"name":"风控"}`, boss...)
	c.call(400, "POST", "/console/api/cases/"+id+"/transfer", `{"fence":1,"team":"风控"}`, other...) // nobody is in it
	c.call(200, "PUT", agentsPath+"/colleague", `{"skills":["forgot-password"],"teams":["风控"],"capacity":3}`, boss...)
	c.call(200, "POST", "/console/api/cases/"+id+"/reassign", `{"fence":1,"team":"风控"}`, boss...)
	c.call(409, "DELETE", teamsPath+"/%E9%A3%8E%E6%8E%A7", "", boss...)
	c.call(409, "PUT", teamsPath+"/%E9%A3%8E%E6%8E%A7", `{"name":"risk"}`, boss...)
}

// adminFails has the same routes fail in one way.
func adminFails(c *contract, status int, who []string) {
	for _, call := range adminCalls {
		c.call(status, call.method, call.path, call.body, who...)
	}
	c.call(status, "GET", teamsPath, "", who...)
}
