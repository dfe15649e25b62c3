package main

// superviseActs are what a supervisor does to a case, with the fences of one that
// has just been opened.
var superviseActs = []struct{ path, body string }{
	{"/takeover", `{"fence":1}`},
	{"/reassign", `{"fence":2,"agent":"colleague"}`},
	{"/priority", `{"fence":3,"priority":"urgent"}`},
}

const (
	hoursPath = "/console/api/hours"
	boardPath = "/console/api/board"
)

// superviseAnswers has supervisors act and an admin set the hours.
func superviseAnswers(c *contract, other, boss []string) {
	at := "/console/api/cases/" + c.openToVerify("supervised", "不知道")
	for _, act := range superviseActs {
		c.call(400, "POST", at+act.path, `{"fence":"first"}`, boss...)
		c.call(401, "POST", at+act.path, act.body)
		c.call(403, "POST", at+act.path, act.body, other...)
		c.call(404, "POST", "/console/api/cases/99-1"+act.path, act.body, boss...)
		c.call(413, "POST", at+act.path, tooLarge, boss...)
		c.call(200, "POST", at+act.path, act.body, boss...)
	}
	c.call(409, "POST", at+"/takeover", `{"fence":1}`, boss...)
	adminAnswers(c, other, boss)
	c.call(409, "POST", at+"/reassign", `{"fence":1,"agent":"colleague"}`, boss...)
	c.call(409, "POST", at+"/priority", `{"fence":1,"priority":"high"}`, boss...)
	c.call(200, "GET", boardPath, "", boss...)
	teamBusy(c, c.openToVerify("for a team", "不知道"), other, boss)
	c.call(200, "GET", boardPath, "", boss...)
	c.call(200, "GET", hoursPath, "", boss...)
	c.call(200, "PUT", hoursPath, `{"zone":"Asia/Shanghai","most":0}`, boss...)
	c.call(400, "PUT", hoursPath, `{"zone":"Mars"}`, boss...)
	c.call(413, "PUT", hoursPath, tooLarge, boss...)
	for _, route := range [][2]string{{"GET", boardPath}, {"GET", hoursPath}, {"PUT", hoursPath}} {
		c.call(401, route[0], route[1], "")
		c.call(403, route[0], route[1], "", other...)
	}
}

// superviseFails has the same routes fail in one way.
func superviseFails(c *contract, status int, id string, who []string) {
	for _, act := range superviseActs {
		c.call(status, "POST", "/console/api/cases/"+id+act.path, act.body, who...)
	}
	adminFails(c, status, who)
	c.call(status, "GET", boardPath, "", who...)
	c.call(status, "GET", hoursPath, "", who...)
	c.call(status, "PUT", hoursPath, `{}`, who...)
}
