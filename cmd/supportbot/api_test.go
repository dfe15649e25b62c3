package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/channels/pictures"
	"supportbot/handoff"
)

// TestEveryDescribedAnswer makes every operation of the document give every
// answer that the document knows of it, and holds each to its schema.
func TestEveryDescribedAnswer(t *testing.T) {
	c := newContract(t)
	c.call(200, "GET", "/api/openapi.yaml", "")
	restAnswers(c)
	id := agentAnswers(c)
	whoGuesses(c, id)
	c.store.Close() // the database is gone
	withoutDatabase(c, id)

	_, described := c.described()
	for _, answer := range described {
		if !c.seen[answer] {
			t.Errorf("%s is described, but was never given", answer)
		}
	}
}

const messages = "/api/v1/messages"

var tooLarge = `{"conversation":"` + strings.Repeat("x", 64<<10) + `"}`

func bearer(key string) []string { return []string{"Authorization", "Bearer " + key} }

func restAnswers(c *contract) {
	key := bearer(restKey)
	c.call(200, "POST", messages, `{"conversation":"c","id":"1","text":"POS机密码忘了"}`, key...)
	c.call(200, "POST", messages, `{"conversation":"c","id":"1","text":"POS机密码忘了"}`, key...)
	c.call(200, "POST", messages, `{"conversation":"c","id":"2","choice":"app","language":"zh"}`, key...)
	c.call(409, "POST", messages, `{"conversation":"c","id":"1","text":"something else"}`, key...)
	for _, wrong := range []string{
		``, `[]`, `{`, `{"conversation":"c","id":"3"}`, `{"conversation":7,"id":"3","text":"x"}`, `{"conversation":"c","id":"3","text":"x","choice":"x"}`,
		`{"conversation":"c","id":"3","text":"x","language":"fr"}`, `{"conversation":"6222021234567890123","id":"3","text":"x"}`,
	} {
		c.call(400, "POST", messages, wrong, key...)
	}
	c.call(401, "POST", messages, `{"conversation":"c","id":"3","text":"x"}`)
	c.call(401, "POST", messages, `{"conversation":"c","id":"3","text":"x"}`, bearer("wrong")...)
	c.call(413, "POST", messages, tooLarge, key...)

	c.call(200, "GET", "/api/v1/conversations/c/messages", "", key...)
	c.call(200, "GET", "/api/v1/conversations/c/messages?after=1&wait=1", "", key...)
	c.call(200, "GET", "/api/v1/conversations/nobody/messages?wait=0", "", key...)
	c.call(400, "GET", "/api/v1/conversations/c/messages?after=-1", "", key...)
	c.call(401, "GET", "/api/v1/conversations/c/messages", "")

	for range 1000 { // more than a minute's worth
		request, err := http.NewRequest("POST", c.URL+messages, strings.NewReader(`{"conversation":"busy","id":"1","text":"你好"}`))
		if err != nil {
			c.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+restKey)
		response, err := c.Client().Do(request)
		if err != nil {
			c.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode == http.StatusTooManyRequests {
			break
		}
	}
	c.call(429, "POST", messages, `{"conversation":"busy","id":"1","text":"你好"}`, key...)
}

// agentAnswers takes cases through all that an agent can do, and returns the id
// of one.
func agentAnswers(c *contract) string {
	me, other := bearer(c.operator), bearer(c.agent("other"))
	first, second, third := c.open("first"), c.open("second"), c.open("third")
	at := func(id, act string) string { return "/console/api/cases/" + id + act }

	c.call(200, "GET", "/console/api/cases?state=waiting", "", me...)
	c.call(200, "POST", at(first, "/claim"), "", me...)
	c.call(200, "POST", at(second, "/claim"), `{"id":"c1"}`, me...)
	c.call(200, "GET", "/console/api/cases?state=mine", "", me...)
	c.call(409, "POST", at(first, "/claim"), `{}`, other...)
	c.call(200, "POST", at(first, "/messages"), `{"fence":2,"text":"您好","id":"a"}`, me...)
	c.call(409, "POST", at(first, "/messages"), `{"fence":2,"text":"something else","id":"a"}`, me...)
	c.call(200, "GET", at(first, ""), "", me...)
	c.call(200, "GET", at(first, "?after=2"), "", me...)
	c.call(200, "POST", at(first, "/outcome"), `{"fence":2,"outcome":"failed","note":"答错两次"}`, me...)
	c.call(200, "POST", at(second, "/release"), `{"fence":2}`, me...)
	c.call(200, "POST", at(third, "/claim"), "", me...)
	c.call(200, "POST", at(third, "/close"), `{"fence":2,"code":"solved"}`, me...)
	c.call(200, "POST", at(third, "/wrapup"), `{"code":"needs-visit"}`, me...)
	c.call(400, "POST", at(third, "/wrapup"), `{"code":"hopeless"}`, me...)
	c.call(401, "POST", at(third, "/wrapup"), `{"code":"solved"}`)
	c.call(403, "POST", at(third, "/wrapup"), `{"code":"solved"}`, append(me, "Sec-Fetch-Site", "cross-site")...)
	c.call(404, "POST", at(second, "/wrapup"), `{"code":"solved"}`, me...)
	c.call(413, "POST", at(third, "/wrapup"), tooLarge, me...)
	c.call(200, "GET", "/console/api/cases?state=all", "", me...)
	c.call(200, "GET", at(first, ""), "", me...)
	c.call(200, "POST", "/console/api/heartbeat", "", me...)

	paperAnswers(c, second)
	pictureAnswers(c, first)
	deskAnswers(c, second)

	c.call(400, "GET", "/console/api/cases?state=some", "", me...)
	c.call(401, "GET", "/console/api/cases?state=all", "")
	c.call(400, "GET", at(first, "?after=x"), "", me...)
	c.call(401, "GET", at(first, ""), "")
	c.call(404, "GET", at("99-1", ""), "", me...)
	c.call(401, "POST", "/console/api/heartbeat", "")
	c.call(403, "POST", "/console/api/heartbeat", "", append(me, "Sec-Fetch-Site", "cross-site")...)
	for act, body := range acts {
		c.call(400, "POST", at(first, act), `{"fence":"two"}`, me...)
		c.call(401, "POST", at(first, act), body)
		c.call(403, "POST", at(first, act), body, append(me, "Sec-Fetch-Site", "cross-site")...)
		c.call(404, "POST", at("99-1", act), body, me...)
		c.call(409, "POST", at(first, act), body, other...)
		c.call(413, "POST", at(first, act), tooLarge, me...)
	}
	revealAnswers(c, first, other)
	callAnswers(c, first)
	checkAnswers(c)
	return first
}

// pictureAnswers shows a picture of a case.
func pictureAnswers(c *contract, id string) {
	at := supportbot.Address{Channel: supportbot.REST, Peer: "first"}
	if err := c.store.WantPicture(c.Context(), at, "m1", "file"); err != nil {
		c.Fatal(err)
	}
	w, err := c.store.NextPicture(c.Context(), supportbot.REST, time.Hour)
	if err == nil {
		err = c.store.SettlePicture(c.Context(), w, pictures.Here, []byte("\xff\xd8\xff\xd9"))
	}
	if err != nil {
		c.Fatal(err)
	}
	me, path := bearer(c.operator), "/console/api/cases/"+id
	c.call(200, "GET", path, "", me...)
	c.call(200, "GET", path+"/pictures/m1", "", me...)
	c.call(401, "GET", path+"/pictures/m1", "")
	c.call(404, "GET", path+"/pictures/m2", "", me...)
}

// deskAnswers has two agents pass a case that waits to and fro.
func deskAnswers(c *contract, id string) {
	me, other := bearer(c.operator), bearer(c.agent("colleague"))
	boss := bearer(c.admin("boss"))
	at := "/console/api/cases/" + id
	c.call(200, "POST", at+"/claim", "", me...)
	c.call(200, "POST", at+"/transfer", `{"fence":4,"agent":"colleague"}`, me...)
	c.call(200, "GET", "/console/api/cases?state=mine", "", other...)
	c.call(200, "POST", at+"/resume", `{"fence":4}`, me...)
	c.call(200, "POST", at+"/consult", `{"fence":4,"agent":"colleague"}`, me...)
	c.call(200, "POST", at+"/notes", `{"text":"我看过了"}`, other...)
	c.call(200, "POST", at+"/decline", "", other...)
	c.call(200, "POST", at+"/transfer", `{"fence":4,"agent":"colleague"}`, me...)
	c.call(200, "POST", at+"/accept", "", other...)
	c.call(200, "GET", at, "", other...)
	c.call(200, "POST", at+"/callback", `{"fence":5,"until":"2100-01-01T00:00:00Z"}`, other...)
	c.call(200, "POST", at+"/cancel", "", boss...)
	c.call(400, "POST", at+"/cancel", `[]`, boss...)
	c.call(401, "POST", at+"/cancel", "")
	c.call(403, "POST", at+"/cancel", "", other...)
	c.call(404, "POST", "/console/api/cases/99-1/cancel", "", boss...)
	c.call(409, "POST", at+"/cancel", "", boss...)
	c.call(413, "POST", at+"/cancel", tooLarge, boss...)

	superviseAnswers(c, other, boss)
	const presence, profile = "/console/api/presence", "/console/api/agents/colleague"
	c.call(200, "POST", presence, `{"state":"available"}`, other...)
	c.call(400, "POST", presence, `{"state":"offline"}`, other...)
	c.call(401, "POST", presence, `{"state":"away"}`)
	c.call(403, "POST", presence, `{"state":"away"}`, append(me, "Sec-Fetch-Site", "cross-site")...)
	c.call(413, "POST", presence, tooLarge, me...)
	c.call(200, "PUT", profile, `{"languages":["zh"],"skills":["forgot-password"],"teams":["风控"],"capacity":3}`, boss...)
	c.call(400, "PUT", profile, `{"capacity":0}`, boss...)
	c.call(401, "PUT", profile, `{}`)
	c.call(403, "PUT", profile, `{}`, other...)
	c.call(404, "PUT", "/console/api/agents/nobody", `{}`, boss...)
	c.call(413, "PUT", profile, tooLarge, boss...)
	c.call(200, "GET", "/console/api/agents", "", other...)
	c.call(401, "GET", "/console/api/agents", "")
	c.call(200, "POST", presence, `{"state":"away"}`, other...)
}

// callAnswers has an agent called; ended is a case that is over.
func callAnswers(c *contract, ended string) {
	me := bearer(c.operator)
	caller := supportbot.Address{Channel: supportbot.Voice, Peer: "CAcall"}
	for _, in := range []supportbot.Inbound{{Kind: supportbot.InOpen}, {Kind: supportbot.InDigits, Digits: "0"}} {
		in.Address, in.ID = caller, string(in.Kind)
		if _, err := c.path.Handle(c.Context(), in, nil); err != nil {
			c.Fatal(err)
		}
	}
	status, err := c.path.Status(c.Context(), caller)
	if err != nil || status.Case == nil {
		c.Fatalf("no case in %+v, %v", status, err)
	}
	path, gone := "/console/api/cases/"+status.Case.ID, "/console/api/cases/"+ended
	c.call(200, "POST", path+"/claim", "", me...)
	c.call(400, "POST", path+"/call", `{"fence":2}`, me...) // no telephone
	chief := c.agent("chief")
	if err := c.store.SetRole(c.Context(), "chief", handoff.RoleAdmin, ""); err != nil {
		c.Fatal(err)
	}
	phone := "/console/api/agents/operator/phone"
	c.call(200, "POST", phone, `{"number":"+8613800138000"}`, bearer(chief)...)
	c.call(400, "POST", phone, `{"number":"0138"}`, bearer(chief)...)
	c.call(401, "POST", phone, `{"number":""}`)
	c.call(403, "POST", phone, `{"number":""}`, me...)
	c.call(404, "POST", "/console/api/agents/nobody/phone", `{"number":""}`, bearer(chief)...)
	c.call(413, "POST", phone, tooLarge, bearer(chief)...)
	for _, act := range callActs {
		c.call(200, "POST", path+act, `{"fence":2}`, me...)
		c.call(200, "GET", path+"/call", "", me...)
		c.call(400, "POST", path+act, `{"fence":"two"}`, me...)
		c.call(401, "POST", path+act, `{"fence":2}`)
		c.call(403, "POST", path+act, `{"fence":2}`, append(me, "Sec-Fetch-Site", "cross-site")...)
		c.call(404, "POST", "/console/api/cases/99-1"+act, `{"fence":2}`, me...)
		c.call(409, "POST", gone+act, `{"fence":2}`, me...)
		c.call(413, "POST", path+act, tooLarge, me...)
	}
	c.call(401, "GET", path+"/call", "")
	c.call(404, "GET", "/console/api/cases/99-1/call", "", me...)
}

var callActs = []string{"/call", "/call/hold", "/call/resume", "/call/hangup"}

const forAReason = `{"slot":"contact","reason":"to call the merchant back"}`

// revealAnswers has numbers shown, and refused; ended is a case that is over.
func revealAnswers(c *contract, ended string, other []string) {
	me := bearer(c.operator)
	id := c.openToVerify("fourth", "不知道")
	path := "/console/api/cases/" + id
	c.call(200, "POST", path+"/claim", "", me...)
	var shown supportbot.Case
	if err := json.Unmarshal([]byte(c.call(200, "GET", path, "", me...)), &shown); err != nil || len(shown.Packet.Slots) == 0 {
		c.Fatalf("no slots in %+v, %v", shown, err)
	}
	c.call(200, "POST", path+"/reveal", fmt.Sprintf(`{"slot":%q,"reason":"to find the device"}`, shown.Packet.Slots[0].Name), me...)
	c.call(400, "POST", path+"/reveal", `{"slot":"contact"}`, me...)
	c.call(401, "POST", path+"/reveal", forAReason)
	c.call(403, "POST", path+"/reveal", forAReason, append(me, "Sec-Fetch-Site", "cross-site")...)
	c.call(404, "POST", path+"/reveal", forAReason, other...)
	c.call(409, "POST", "/console/api/cases/"+ended+"/reveal", forAReason, me...)
	c.call(413, "POST", path+"/reveal", tooLarge, me...)
	assistantAnswers(c, path, ended, other)
}

// assistantAnswers has a model write, and fail.
func assistantAnswers(c *contract, path, ended string, other []string) {
	me := bearer(c.operator)
	for method, act := range map[string]string{"GET": "/summary", "POST": "/draft-reply"} {
		c.call(200, method, path+act, "", me...)
		c.call(401, method, path+act, "")
		c.call(404, method, path+act, "", other...)
	}
	c.call(403, "POST", path+"/draft-reply", "", append(me, "Sec-Fetch-Site", "cross-site")...)
	c.call(409, "POST", "/console/api/cases/"+ended+"/draft-reply", "", me...)
	c.model.Close()
	c.call(200, "POST", path+"/messages", `{"fence":2,"text":"您好"}`, me...) // nothing that was said before
	for method, act := range map[string]string{"GET": "/summary", "POST": "/draft-reply"} {
		c.call(503, method, path+act, "", me...)
	}
}

const aDraft = `{"text":"您好","note":""}`

// paperAnswers has drafts kept, and refused.
func paperAnswers(c *contract, id string) {
	me := bearer(c.operator)
	draft := "/console/api/cases/" + id + "/draft"
	c.call(200, "PUT", draft, aDraft, me...)
	c.call(200, "GET", draft, "", me...)
	c.call(200, "GET", "/console/api/cases/"+id+"?viewing=1", "", me...)
	c.call(200, "GET", "/console/api/knowledge?q=fees&language=en&channel=sms", "", me...)
	c.call(400, "GET", "/console/api/knowledge?q=fees", "", me...)
	c.call(401, "GET", "/console/api/knowledge?language=en", "")
	c.call(400, "PUT", draft, `{"text":7}`, me...)
	c.call(401, "PUT", draft, aDraft)
	c.call(403, "PUT", draft, aDraft, append(me, "Sec-Fetch-Site", "cross-site")...)
	c.call(404, "PUT", "/console/api/cases/99-1/draft", aDraft, me...)
	c.call(413, "PUT", draft, tooLarge, me...)
	c.call(401, "GET", draft, "")
	c.call(404, "GET", "/console/api/cases/99-1/draft", "", me...)
}

var acts = map[string]string{
	"/claim":    `{}`,
	"/messages": `{"fence":9,"text":"您好"}`,
	"/outcome":  `{"fence":9,"outcome":"verified"}`,
	"/release":  `{"fence":9}`,
	"/close":    `{"fence":9}`,
	"/accept":   `{}`,
	"/decline":  `{}`,
	"/transfer": `{"fence":9,"team":"风控"}`,
	"/consult":  `{"fence":9,"agent":"colleague"}`,
	"/resume":   `{"fence":9}`,
	"/notes":    `{"fence":9,"text":"查过了"}`,
	"/callback": `{"fence":9}`,
}

// open has a merchant ask for an agent, and returns the case.
func (c *contract) open(conversation string) string {
	c.Helper()
	answer := c.call(200, "POST", messages, fmt.Sprintf(`{"conversation":%q,"id":"1","text":"转人工"}`, conversation), bearer(restKey)...)
	var a struct{ Case struct{ ID string } }
	if err := json.Unmarshal([]byte(answer), &a); err != nil || a.Case.ID == "" {
		c.Fatalf("no case in %s", answer)
	}
	return a.Case.ID
}

// whoGuesses tries keys and tokens until none is looked at any more.
func whoGuesses(c *contract, id string) {
	guess := append(bearer("wrong"), "X-Forwarded-For", "203.0.113.9")
	read := "/api/v1/conversations/c/messages"
	for range 60 {
		c.call(401, "GET", read, "", guess...)
		c.call(401, "POST", "/console/api/heartbeat", "", guess...)
	}
	c.call(429, "GET", read, "", guess...)
	c.call(429, "GET", "/console/api/cases?state=all", "", guess...)
	c.call(429, "GET", "/console/api/cases/"+id, "", guess...)
	c.call(429, "GET", "/console/api/cases/"+id+"/pictures/m1", "", guess...)
	c.call(429, "POST", "/console/api/heartbeat", "", guess...)
	c.call(429, "POST", "/console/api/cases/"+id+"/cancel", "", guess...)
	c.call(429, "POST", "/console/api/presence", `{"state":"away"}`, guess...)
	c.call(429, "GET", "/console/api/agents", "", guess...)
	superviseFails(c, 429, id, guess)
	c.call(429, "PUT", "/console/api/agents/colleague", `{}`, guess...)
	c.call(429, "POST", "/console/api/cases/"+id+"/reveal", forAReason, guess...)
	c.call(429, "GET", "/console/api/cases/"+id+"/call", "", guess...)
	c.call(429, "POST", "/console/api/agents/operator/phone", `{"number":""}`, guess...)
	for _, act := range callActs {
		c.call(429, "POST", "/console/api/cases/"+id+act, `{"fence":2}`, guess...)
	}
	c.call(429, "POST", "/console/api/cases/"+id+"/wrapup", `{"code":"solved"}`, guess...)
	c.call(429, "GET", "/console/api/knowledge?language=en", "", guess...)
	c.call(429, "PUT", "/console/api/cases/"+id+"/draft", aDraft, guess...)
	c.call(429, "GET", "/console/api/cases/"+id+"/draft", "", guess...)
	c.call(429, "GET", "/console/api/cases/"+id+"/summary", "", guess...)
	c.call(429, "POST", "/console/api/cases/"+id+"/draft-reply", "", guess...)
	for act, body := range checkActs {
		c.call(429, "POST", "/console/api/cases/"+id+act, body, guess...)
	}
	for act, body := range acts {
		c.call(429, "POST", "/console/api/cases/"+id+act, body, guess...)
	}
}

func withoutDatabase(c *contract, id string) {
	key, me := bearer(restKey), bearer(c.operator)
	c.call(503, "POST", messages, `{"conversation":"c","id":"9","text":"x"}`, key...)
	c.call(503, "GET", "/api/v1/conversations/c/messages", "", key...)
	c.call(500, "GET", "/console/api/cases?state=all", "", me...)
	c.call(500, "GET", "/console/api/cases/"+id, "", me...)
	c.call(500, "GET", "/console/api/cases/"+id+"/pictures/m1", "", me...)
	c.call(500, "POST", "/console/api/heartbeat", "", me...)
	c.call(500, "POST", "/console/api/cases/"+id+"/cancel", "", me...)
	c.call(500, "POST", "/console/api/presence", `{"state":"away"}`, me...)
	c.call(500, "GET", "/console/api/agents", "", me...)
	superviseFails(c, 500, id, me)
	c.call(500, "PUT", "/console/api/agents/colleague", `{}`, me...)
	c.call(500, "POST", "/console/api/cases/"+id+"/reveal", forAReason, me...)
	c.call(500, "GET", "/console/api/cases/"+id+"/call", "", me...)
	c.call(500, "POST", "/console/api/agents/operator/phone", `{"number":""}`, me...)
	for _, act := range callActs {
		c.call(500, "POST", "/console/api/cases/"+id+act, `{"fence":2}`, me...)
	}
	c.call(500, "POST", "/console/api/cases/"+id+"/wrapup", `{"code":"solved"}`, me...)
	c.call(500, "PUT", "/console/api/cases/"+id+"/draft", aDraft, me...)
	c.call(500, "GET", "/console/api/cases/"+id+"/draft", "", me...)
	c.call(500, "GET", "/console/api/cases/"+id+"/summary", "", me...)
	c.call(500, "POST", "/console/api/cases/"+id+"/draft-reply", "", me...)
	for act, body := range checkActs {
		c.call(500, "POST", "/console/api/cases/"+id+act, body, me...)
	}
	for act, body := range acts {
		c.call(500, "POST", "/console/api/cases/"+id+act, body, me...)
	}
}
