package console_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"supportbot"
	"supportbot/handoff/console"
	"supportbot/internal/reference"
)

// merchants are on file; the one of the packet is the first.
const merchants = "merchant:digits,owner:words,opened:date\n821350158120034,王小明,2024-03-05\n821350158120035,李娜,2023-01-02\n"

// newChecked is a desk on which li owns case 17-1, with a checklist.
func newChecked(t *testing.T) *desk {
	t.Helper()
	path := filepath.Join(t.TempDir(), "merchants.csv")
	if err := os.WriteFile(path, []byte(merchants), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := reference.Open(path, discard)
	if err != nil {
		t.Fatal(err)
	}
	return checkedBy(t, file)
}

func checkedBy(t *testing.T, known console.Reference) *desk {
	t.Helper()
	d := newDesk(t)
	d.cases[0].Packet.Slots = append(d.cases[0].Packet.Slots, supportbot.PacketSlot{Name: "merchant_number", Label: "821350158120034", Value: "821350158120034"})
	title := map[supportbot.Language]string{supportbot.Chinese: "姓名", supportbot.English: "Name"}
	d.cases[0].Checks = &supportbot.Checks{Need: 2, Attempts: 6, Approval: true, Items: []supportbot.Check{
		{ID: "owner", Title: title, Means: supportbot.ByCompare, Field: "owner", Attempts: 2},
		{ID: "opened", Title: title, Means: supportbot.ByCompare, Field: "opened", Attempts: 2},
		{ID: "call-back", Title: title, Means: supportbot.ByCallback, Attempts: 2},
	}}
	d.Server = serve(t, console.New(d.memory, d.memory, console.Options{Papers: d.memory, Knowledge: handbook{}, Mask: masked, Reference: known, Sessions: newSessions(), Key: []byte("key"), Client: client, Log: discard}))
	d.call(t, "li", "POST", "/api/cases/17-1/claim", "")
	return d
}

func (d *desk) check(t *testing.T, body string) (int, string) {
	t.Helper()
	status, answer := d.call(t, "li", "POST", "/api/cases/17-1/checks", `{"fence":2,`+body+`}`)
	return status, fmt.Sprint(answer)
}

func TestTheServerTellsOnlyWhetherItIsRight(t *testing.T) {
	d := newChecked(t)
	for _, test := range []struct {
		body   string
		status int
		says   string
	}{
		{`"item":"owner","said":"王大明"`, 200, "match:false"},
		{`"item":"owner","said":" 王 小明 "`, 200, "match:true"},
		{`"item":"owner","said":"王小明"`, 422, "no attempts left"},
		{`"item":"opened","said":""`, 400, "said must be"},
		{`"item":"opened","said":"2024年3月5号","merchant":"99"`, 200, "known:false"},
		{`"item":"shoe","said":"42"`, 422, "no such item"},
		{`"item":"call-back"`, 400, "match must say"},
		{`"item":"call-back","match":true`, 200, "match:true"},
	} {
		status, answer := d.check(t, test.body)
		if status != test.status || !strings.Contains(answer, test.says) {
			t.Errorf("%s: %d %s, want %d %s", test.body, status, answer, test.status, test.says)
		}
		if strings.Contains(answer, "小明") || strings.Contains(answer, "03-05") {
			t.Errorf("%s: the answer shows what is on file: %s", test.body, answer)
		}
	}
	if status, _ := d.call(t, "li", "POST", "/api/cases/17-1/checks", `{"fence":1,"item":"opened","said":"x"}`); status != 409 {
		t.Errorf("under an old fence: %d", status)
	}
	_, shown := d.call(t, "li", "GET", "/api/cases/17-1", "")
	text := fmt.Sprint(shown)
	for _, leak := range []string{"王", "subject", "field", "2024"} {
		if strings.Contains(fmt.Sprint(shown["checklist"]), leak) {
			t.Errorf("the checklist shows %s: %s", leak, fmt.Sprint(shown["checklist"]))
		}
	}
	if strings.Contains(text, "checks:") {
		t.Errorf("the case shows what is kept of the checks: %s", text)
	}
	for _, kept := range []string{"王大明", "2024年3月5号", "821350158120035"} {
		if strings.Contains(fmt.Sprint(*d.cases[0].Checks, d.audited), kept) {
			t.Errorf("%s is kept", kept)
		}
	}
}

// What matched of one merchant says nothing of another.
func TestAnotherMerchantBeginsAnew(t *testing.T) {
	d := newChecked(t)
	d.check(t, `"item":"owner","said":"王小明"`)
	d.check(t, `"item":"opened","said":"2023-01-02","merchant":"8213 5015 8120 035"`)
	if _, shown := d.call(t, "li", "GET", "/api/cases/17-1", ""); !strings.Contains(fmt.Sprint(shown["checklist"]), "missing:[owner call-back approval]") {
		t.Errorf("%v", shown["checklist"])
	}
}

func TestASecondAgentApproves(t *testing.T) {
	d := newChecked(t)
	give := func() (int, string) {
		status, answer := d.call(t, "li", "POST", "/api/cases/17-1/outcome", `{"fence":2,"outcome":"verified"}`)
		return status, fmt.Sprint(answer)
	}
	queue := func(agent string) string {
		_, answer := d.call(t, agent, "GET", "/api/cases?state=approval", "")
		return fmt.Sprint(answer)
	}
	if status, answer := give(); status != 422 || !strings.Contains(answer, "missing:[owner opened call-back approval]") {
		t.Fatalf("nothing was checked: %d %s", status, answer)
	}
	if status, _ := d.call(t, "wang", "GET", "/api/cases/17-1", ""); status != 404 {
		t.Errorf("a colleague reads a case that needs no approval yet: %d", status)
	}
	d.check(t, `"item":"owner","said":"王小明"`)
	d.check(t, `"item":"call-back","match":true`)
	if status, answer := give(); status != 422 || !strings.Contains(answer, "missing:[approval]") {
		t.Fatalf("nobody approved: %d %s", status, answer)
	}
	if !strings.Contains(queue("wang"), "17-1") || strings.Contains(queue("li"), "17-1") {
		t.Errorf("to be approved are %s and %s", queue("wang"), queue("li"))
	}
	if status, answer := d.call(t, "li", "POST", "/api/cases/17-1/approve", `{"fence":2}`); status != 422 || answer["problem"] != "own" {
		t.Errorf("the owner approves: %d %v", status, answer)
	}
	if status, answer := d.call(t, "wang", "POST", "/api/cases/17-1/approve", `{"fence":2}`); status != 200 {
		t.Fatalf("a colleague approves: %d %v", status, answer)
	}
	if status, answer := give(); status != 200 {
		t.Fatalf("all is there: %d %s", status, answer)
	}
	if got := fmt.Sprint(d.cases[0].Method); got != "[owner call-back]" {
		t.Errorf("the method is %s", got)
	}
}

// broken knows nothing and says so.
type broken struct{}

func (broken) Compare(context.Context, string, string, string) (bool, error) {
	return false, errors.New("no route to host")
}

func TestReferenceDataThatCannotBeAskedCostNothing(t *testing.T) {
	d := checkedBy(t, broken{})
	if status, answer := d.check(t, `"item":"owner","said":"王小明"`); status != 503 || strings.Contains(answer, "route") {
		t.Errorf("%d %s", status, answer)
	}
	if d.cases[0].Checks.Used != 0 {
		t.Error("an attempt was counted")
	}
	d = checkedBy(t, nil)
	if status, answer := d.check(t, `"item":"owner","said":"王小明"`); status != 400 || !strings.Contains(answer, "--reference") {
		t.Errorf("without any: %d %s", status, answer)
	}
}

// texts keeps what was sent, by number.
type texts map[string][]string

func (t texts) Text(_ context.Context, number, text string) error {
	t[number] = append(t[number], text)
	return nil
}

// A code goes to the number on file alone, and nobody at the desk sees either.
func TestACodeGoesToTheNumberOnFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "merchants.csv")
	if err := os.WriteFile(path, []byte("merchant:digits,phone:phone\n821350158120034,13800138000\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := reference.Open(path, discard)
	if err != nil {
		t.Fatal(err)
	}
	d, sent := checkedBy(t, nil), texts{}
	d.cases[0].Checks.Items = append(d.cases[0].Checks.Items, supportbot.Check{ID: "code", Means: supportbot.ByCode, Field: "phone", Attempts: 4})
	d.Server = serve(t, console.New(d.memory, d.memory, console.Options{Papers: d.memory, Knowledge: handbook{}, Mask: masked, Reference: file, Texts: sent, Sessions: newSessions(), Key: []byte("key"), Client: client, Log: discard}))
	ask := func(number string) (int, string) {
		status, answer := d.call(t, "li", "POST", "/api/cases/17-1/code", `{"fence":2,"item":"code","number":"`+number+`"}`)
		return status, fmt.Sprint(answer)
	}
	if status, answer := ask("139 0013 9000"); status != 200 || !strings.Contains(answer, "match:false") || len(sent) != 0 {
		t.Errorf("another number: %d %s, sent %v", status, answer, sent)
	}
	if status, answer := ask(""); status != 400 || !strings.Contains(answer, "number must be") {
		t.Errorf("no number: %d %s", status, answer)
	}
	status, answer := ask("138-0013-8000")
	if status != 200 || !strings.Contains(answer, "sent:true") || len(sent["+8613800138000"]) != 1 {
		t.Fatalf("the number on file: %d %s, sent %v", status, answer, sent)
	}
	digits := sent["+8613800138000"][0][:6]
	if d.cases[0].Checks.Code.Hash != "17-1"+digits || strings.Contains(answer, digits) {
		t.Errorf("code %s, kept %+v, answered %s", digits, d.cases[0].Checks.Code, answer)
	}
	if status, answer := d.check(t, `"item":"code","match":true`); status != 400 {
		t.Errorf("an agent says that the code was right: %d %s", status, answer)
	}
	ask("13800138000")
	ask("13800138000")
	if status, answer := ask("13800138000"); status != 422 || len(sent["+8613800138000"]) != 3 {
		t.Errorf("a fourth code: %d %s", status, answer)
	}
}
