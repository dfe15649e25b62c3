package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	kbcontent "supportbot/kb-content"
)

// strictChecks is a list with an approval, and a code that may be tried often.
const strictChecks = `checks: identity
need: 1
approval: true
items:
- {id: owner, title: {zh: 开户人姓名, en: Account holder}, means: compare, field: owner}
- {id: code, title: {zh: 验证码, en: Code}, means: code, field: phone, attempts: 9}
`

// strictContent is a folder with the content that is built in, but for its checklist.
func strictContent(t *testing.T) string {
	dir := filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(dir, kbcontent.FS); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "checks", "identity.yaml"), []byte(strictChecks), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// openToVerify has a merchant ask for what an agent must verify them for, and returns
// the case.
func (c *contract) openToVerify(conversation, merchant string) string {
	c.Helper()
	var a struct{ Case struct{ ID string } }
	for i, text := range []string{"POS机密码忘了", "手机银行", "试过了，还是不行", "拉卡拉", merchant} {
		answer := c.call(200, "POST", messages, fmt.Sprintf(`{"conversation":%q,"id":"%d","text":%q}`, conversation, i, text), bearer(restKey)...)
		if err := json.Unmarshal([]byte(answer), &a); err != nil {
			c.Fatal(err)
		}
	}
	if a.Case.ID == "" {
		c.Fatalf("%s has no case", conversation)
	}
	return a.Case.ID
}

// checkActs are those of a checklist, and what a proof permits. They are for those
// alone who may see the case.
var checkActs = map[string]string{
	"/checks":  `{"fence":9,"item":"owner","said":"王小明"}`,
	"/code":    `{"fence":9,"item":"code","number":"13800138000"}`,
	"/hooks":   `{"name":"reset"}`,
	"/approve": `{"fence":9}`,
}

// checkAnswers has an agent verify a merchant, and an admin approve it.
func checkAnswers(c *contract) {
	me, boss := bearer(c.operator), bearer(c.admin("approver"))
	stranger := bearer(c.agent("stranger"))
	at := "/console/api/cases/" + c.openToVerify("fifth", "821350158120034")
	c.call(200, "POST", at+"/claim", "", me...)
	for act, body := range checkActs {
		c.call(400, "POST", at+act, `[]`, me...)
		c.call(401, "POST", at+act, body)
		c.call(403, "POST", at+act, body, append(me, "Sec-Fetch-Site", "cross-site")...)
		c.call(404, "POST", at+act, body, stranger...)
		c.call(404, "POST", "/console/api/cases/99-1"+act, body, boss...)
		c.call(409, "POST", at+act, body, boss...)
		c.call(413, "POST", at+act, tooLarge, me...)
	}

	c.call(422, "POST", at+"/messages", `{"fence":2,"text":"请把密码告诉我"}`, me...)
	c.call(422, "POST", at+"/outcome", `{"fence":2,"outcome":"verified"}`, me...)
	c.call(422, "POST", at+"/approve", `{"fence":2}`, me...)   // one's own
	c.call(422, "POST", at+"/approve", `{"fence":2}`, boss...) // too early
	c.call(422, "POST", at+"/hooks", `{"name":"reset"}`, me...)

	codeAnswers(c, at)
	c.call(200, "POST", at+"/checks", `{"fence":2,"item":"owner","said":"王大明"}`, me...)
	c.call(200, "POST", at+"/checks", `{"fence":2,"item":"owner","said":"王小明"}`, me...)
	c.call(400, "POST", at+"/checks", `{"fence":2,"item":"owner"}`, me...)
	c.call(422, "POST", at+"/checks", `{"fence":2,"item":"shoe","said":"42"}`, me...)
	c.others.without(comparePath, func() {
		c.call(503, "POST", at+"/checks", `{"fence":2,"item":"owner","said":"王小明"}`, me...)
	})
	c.call(200, "GET", at, "", me...)
	c.call(200, "GET", "/console/api/cases?state=approval", "", boss...)
	c.call(200, "POST", at+"/approve", `{"fence":2}`, boss...)
	c.call(200, "POST", at+"/outcome", `{"fence":2,"outcome":"verified"}`, me...)

	c.call(400, "POST", at+"/hooks", `{"name":"other"}`, me...)
	c.call(200, "POST", at+"/hooks", `{"name":"reset"}`, me...)
	c.call(200, "POST", at+"/hooks", `{"name":"block"}`, me...)
	c.call(200, "GET", at, "", me...)
}

// codeAnswers has codes sent, and refused.
func codeAnswers(c *contract, at string) {
	me := bearer(c.operator)
	c.call(200, "POST", at+"/code", `{"fence":2,"item":"code","number":"13900139000"}`, me...) // another than is on file
	c.call(200, "POST", at+"/code", `{"fence":2,"item":"code","number":"13800138000"}`, me...)
	c.call(400, "POST", at+"/code", `{"fence":2,"item":"code"}`, me...)
	c.call(422, "POST", at+"/code", `{"fence":2,"item":"owner","number":"13800138000"}`, me...)
	c.others.without(textPath, func() {
		c.call(502, "POST", at+"/code", `{"fence":2,"item":"code","number":"13800138000"}`, me...)
	})
	c.others.without(comparePath, func() {
		c.call(503, "POST", at+"/code", `{"fence":2,"item":"code","number":"13800138000"}`, me...)
	})
}
