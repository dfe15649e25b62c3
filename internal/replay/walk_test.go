package replay_test

import (
	"errors"
	"fmt"
	"time"

	"pgregory.net/rapid"

	"supportbot"
	"supportbot/handoff"
	"supportbot/internal/turn"
)

// walk is a random conversation over a real store.
type walk struct {
	*turn.Path
	at      supportbot.Address
	count   int
	choices []string // offered last
	failed  bool     // the reader did
}

func (w *walk) handle(t *rapid.T, in supportbot.Inbound) {
	w.count++
	in.Address, in.ID = w.at, fmt.Sprint(w.count)
	out, err := w.Handle(t.Context(), in, []byte(in.Text+in.Choice+in.Digits))
	if err != nil {
		t.Fatal(err)
	}
	w.choices = nil
	for _, m := range out.Replies {
		for _, c := range m.Choices {
			w.choices = append(w.choices, c.Value)
		}
	}
}

var sentences = rapid.SampledFrom([]string{
	"忘记密码", "绑卡一直失败", "我好像被骗了", "怎么绑卡", "交易限额是多少", "转人工", "返回", "再说一遍", "算了", "好了", "还不行", "试过了，还是不行",
	"I forgot my password", "binding keeps failing", "English please", "请说中文", "yes", "no", "agent", "thanks", "bye",
	"我的卡号是6222021234567890128", "验证码 385621", "PIN is 123456", "13800138000", "拉卡拉", "今天天气怎么样", "panic",
})

func (w *walk) says(t *rapid.T) {
	text := sentences.Draw(t, "text")
	w.failed = w.failed || text == "panic"
	w.handle(t, supportbot.Inbound{Kind: supportbot.InText, Text: text})
}

func (w *walk) chooses(t *rapid.T) {
	values := append([]string{"control:agent", "nonsense"}, w.choices...)
	w.handle(t, supportbot.Inbound{Kind: supportbot.InChoice, Choice: rapid.SampledFrom(values).Draw(t, "choice")})
}

func (w *walk) does(t *rapid.T) {
	in := supportbot.Inbound{Kind: rapid.SampledFrom([]supportbot.InboundKind{
		supportbot.InOpen, supportbot.InSilence, supportbot.InDigits, supportbot.InHangup,
	}).Draw(t, "event")}
	if in.Kind == supportbot.InDigits {
		in.Digits = rapid.StringMatching(`[0-9]{1,6}`).Draw(t, "digits")
	}
	w.handle(t, in)
}

// acts is what an agent does, most often with the right fence.
func (w *walk) acts(t *rapid.T) {
	if rapid.Bool().Draw(t, "heartbeat") {
		if err := w.Heartbeat(t.Context(), "Lin"); err != nil {
			t.Fatal(err)
		}
	}
	status, err := w.Status(t.Context(), w.at)
	if err != nil || status.Case == nil {
		return
	}
	c, err := w.Case(t.Context(), status.Case.ID)
	if err != nil {
		t.Fatal(err)
	}
	act := supportbot.AgentAct{
		Case:  status.Case.ID,
		Agent: rapid.SampledFrom([]string{"Lin", "Lin", "Lin", "Wu"}).Draw(t, "agent"),
		Fence: c.Fence - rapid.SampledFrom([]int64{0, 0, 0, 1}).Draw(t, "late"),
		Kind: rapid.SampledFrom([]supportbot.ActKind{
			supportbot.ActClaim, supportbot.ActClaim, supportbot.ActMessage, supportbot.ActOutcome, supportbot.ActRelease, supportbot.ActClose,
		}).Draw(t, "act"),
	}
	switch act.Kind {
	case supportbot.ActMessage:
		act.Text = rapid.SampledFrom([]string{"请报一下商户号，电话 13800138000 对吗", "卡号 6222021234567890128 不用说"}).Draw(t, "words")
	case supportbot.ActOutcome:
		act.Verdict = rapid.SampledFrom(supportbot.AgentVerdicts).Draw(t, "verdict")
	}
	var unsafe *handoff.Unsafe
	if _, err := w.Act(t.Context(), act); err != nil && !errors.As(err, &unsafe) {
		t.Fatal(err)
	}
}

// waits fires what comes due.
func (w *walk) waits(t *rapid.T) {
	d := rapid.SampledFrom([]time.Duration{time.Second, 2 * time.Minute, 25 * time.Minute, 2 * time.Hour, 30 * time.Hour}).Draw(t, "wait")
	if err := w.Sweep(t.Context(), time.Now().Add(d).UTC()); err != nil {
		t.Fatal(err)
	}
}
