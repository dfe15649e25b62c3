package main

import (
	"fmt"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestTwoAgentsAndTwoMerchants is a quarter of an hour of a desk, in browsers: what
// each of four people sees when both agents want one case, when one asks the other
// and passes a case on, when a connection is lost, and until both merchants are helped.
// docs/desk-tour.md tells it in pictures.
func TestTwoAgentsAndTwoMerchants(t *testing.T) {
	f := newFloor(t)
	f.bothAsk()
	f.bothWantOne()
	f.oneAsksTheOther()
	f.oneCaseIsPassedOn()
	f.lostAndBack()
	f.lostForGood()
	f.thePasswordIsSetAgain()
	f.theFraudIsHeard()
}

// bothAsk brings both merchants into the queue.
func (f *floor) bothAsk() {
	m := f.noodles
	m.reads("您要办哪件事")
	m.types("POS机密码忘了")
	m.taps("手机银行或网银")
	m.types("试过了，还是不行")
	m.taps("拉卡拉")
	m.types("821350158120034")
	m.reads("已经帮您转人工客服")
	m.banner("正在为您等待人工客服")

	b := f.bakery
	b.do(chromedp.Click(chromedp.JSPath(inChat + ".querySelector('.languages [value=en]')")))
	b.reads("What do you need")
	b.types("I think I was scammed")
	b.taps("Money is gone")
	b.reads("keep the evidence")
	b.banner("Waiting for an agent")
	b.picture("1-waiting")

	for _, a := range f.agents {
		a.until("document.querySelectorAll('#waiting button').length === 2")
		rows := func(n int) string { return fmt.Sprintf("document.querySelectorAll('#waiting button')[%d]", n) }
		a.until(rows(0) + ".innerText.includes('suspected-fraud') && " + rows(1) + ".innerText.includes('forgot-password')") // though it came later
		f.bakeryID, f.noodlesID = a.get(rows(0)+".dataset.id"), a.get(rows(1)+".dataset.id")
		for _, id := range []string{f.bakeryID, f.noodlesID} {
			f.queuedAt[id] = a.get(f.waitsSince(id))
		}
	}
}

// waitsSince is how a page of the console says when a waiting case was queued.
func (f *floor) waitsSince(id string) string {
	return fmt.Sprintf("document.querySelector('#waiting button[data-id=%s] .age').dateTime", quote(id))
}

// bothWantOne has both agents press at once: one has the case, and the other is told who.
func (f *floor) bothWantOne() {
	for _, a := range f.agents {
		a.opens(f.bakeryID)
		a.do(chromedp.WaitVisible("#claim"))
	}
	f.agents[0].picture("2-queue")
	var both sync.WaitGroup
	for _, a := range f.agents {
		both.Go(func() { a.get("(document.getElementById('claim').click(), '')") })
	}
	both.Wait()
	has, lost := "!document.getElementById('write').hidden", "!document.getElementById('told').hidden"
	for _, a := range f.agents {
		a.until(has + " || " + lost)
	}
	f.fast, f.slow = f.agents[0], f.agents[1]
	if !f.fast.ask(has) {
		f.fast, f.slow = f.slow, f.fast
	}
	f.fast.until(has)
	f.slow.shows("told", f.fast.name+" 抢先一步，已经接手了")
	f.slow.until("document.getElementById('write').hidden")
	f.slow.picture("3-too-late")
	f.bakery.reads(f.fast.name + " from our team has joined")
	f.bakery.banner("You are talking to " + f.fast.name)

	f.slow.do(chromedp.Click("#next"))
	f.slow.shows("mine", "forgot-password")
	f.noodles.reads("客服 " + f.slow.name + " 已接入")
	f.noodles.banner("正在与人工客服" + f.slow.name + "对话")
	for _, a := range f.agents {
		a.until("document.querySelectorAll('#waiting button').length === 0")
	}
	if f.bakery.heard(f.slow.name) || f.noodles.heard(f.fast.name) {
		f.Error("a merchant hears of the other's agent")
	}
}

// oneAsksTheOther has an agent consult a colleague, of whom the merchant hears nothing.
func (f *floor) oneAsksTheOther() {
	f.fast.writes("reply", "I am so sorry. When did the money go?")
	f.bakery.reads("When did the money go")
	f.bakery.types("This morning, 8000 yuan")
	f.fast.shows("log", "This morning")
	f.fast.passes("agent "+f.slow.name, "#consult")
	f.slow.shows("offer", f.fast.name+" 请您帮忙看看")
	f.bakery.banner("You are talking to " + f.fast.name)
	f.slow.do(chromedp.Click("#accept"))
	f.slow.shows("log", "This morning")
	f.slow.shows("reading", f.fast.name+" 请您帮忙看")
	f.slow.writes("note", "先让她报警，再打银行止付")
	f.fast.shows("log", "先让她报警")
	f.slow.picture("4-consulted")
	f.slow.do(chromedp.Click("#stop-reading"))
	f.fast.until("document.getElementById('resume').hidden")
	f.slow.until("!document.querySelector('.queue button[data-id=" + quote(f.bakeryID) + "]')")
	if f.bakery.heard("先让她报警") || f.bakery.heard(f.slow.name) {
		f.Error("the merchant hears of a colleague who only read along")
	}
}

// oneCaseIsPassedOn has the other pass the password on, with a note.
func (f *floor) oneCaseIsPassedOn() {
	f.slow.opens(f.noodlesID)
	f.slow.writes("note", "店名对得上，还没有核对登记资料")
	f.slow.passes("agent "+f.fast.name, "#transfer")
	f.slow.shows("mine", f.fast.name)
	f.fast.shows("offer", f.slow.name+" 想把会话转给您")
	f.fast.shows("offer-left", "秒")
	f.fast.picture("5-passed-on")
	f.noodles.banner("正在与人工客服" + f.slow.name + "对话") // who has it until it is taken
	f.fast.do(chromedp.Click("#accept"))
	f.fast.shows("log", "店名对得上")
	f.noodles.reads("客服 " + f.fast.name + " 已接入")
	f.noodles.banner("正在与人工客服" + f.fast.name + "对话")
	f.slow.until("document.querySelectorAll('#mine button').length === 0")
	f.fast.until("document.querySelectorAll('#mine button').length === 2")
	if f.noodles.heard("店名对得上") {
		f.Error("the merchant reads a note")
	}
}

// loses cuts an agent's network: nothing can be sent, and after a lease the merchants
// are told.
func (f *floor) loses(a *clerk) {
	a.do(chromedp.SendKeys("#text", "请您"))
	a.network.Part()
	a.until("!document.getElementById('stale').hidden && document.getElementById('send').disabled && document.getElementById('give').disabled")
	a.shows("link", "已断开")
	f.noodles.banner("客服" + a.name + "的网络断了，正在重连")
	f.bakery.banner(a.name + " has lost the connection")
}

// lostAndBack: in time, both cases are the agent's again, and the draft is there.
func (f *floor) lostAndBack() {
	f.loses(f.fast)
	f.fast.picture("6-cut-off")
	f.noodles.picture("7-agent-lost")
	f.slow.until("document.querySelectorAll('#waiting button').length === 0") // they are nobody else's yet
	f.fast.network.Join(f.T)
	f.fast.until("document.getElementById('stale').hidden && !document.getElementById('send').disabled")
	f.noodles.banner("正在与人工客服" + f.fast.name + "对话")
	f.bakery.banner("You are talking to " + f.fast.name)
	f.fast.do(chromedp.SendKeys("#text", "说一下开户人姓名"), chromedp.Click("#send"))
	f.noodles.reads("请您说一下开户人姓名")
	if f.noodles.heard("暂时离开") {
		f.Error("the merchant was sent back to the queue")
	}
}

// lostForGood: too late, both cases wait where they waited, and who is there takes them.
func (f *floor) lostForGood() {
	f.loses(f.fast)
	f.noodles.reads("您还排在原来的位置")
	f.bakery.reads("You keep your place in the queue")
	f.noodles.banner("正在为您等待人工客服")
	f.slow.until("document.querySelectorAll('#waiting button').length === 2")
	for id, at := range f.queuedAt {
		if again := f.slow.get(f.waitsSince(id)); again != at {
			f.Errorf("case %s was queued at %s and is queued at %s", id, at, again)
		}
	}
	f.slow.do(chromedp.Click("#next")) // the fraud comes first, as before
	f.bakery.reads(f.slow.name + " from our team has joined")
	f.slow.shows("log", "先让她报警") // and the notes are there

	f.fast.network.Join(f.T)
	f.fast.until("document.getElementById('stale').hidden")
	f.fast.until("document.querySelectorAll('#mine button').length === 0")
	if f.fast.ask("!document.getElementById('write').hidden") {
		f.Error("who came back too late can still write")
	}
	f.boss.do(chromedp.Navigate(f.url + "/console/board?lang=en"))
	f.boss.until("document.getElementById('waiting').innerText.includes('forgot-password') || document.getElementById('waiting').innerText.includes('登录密码')")
	f.boss.shows("agents", f.slow.name)
	f.boss.picture("8-board")
	f.fast.do(chromedp.Click("#next"))
	f.noodles.reads("客服 " + f.fast.name + " 已接入")
}

// thePasswordIsSetAgain: no verdict without the checklist, blind comparison, verdict,
// the flow goes on, and the merchant says what they think of it.
func (f *floor) thePasswordIsSetAgain() {
	a, m := f.fast, f.noodles
	m.types("王建国")
	a.shows("log", "王建国")
	a.judges("verified")
	a.shows("told", "核对清单还没有完成")
	a.compares("开户人姓名", "王大明", "✗ 不符")
	a.compares("开户人姓名", "王建国", "✓ 相符")
	a.lacks("packet", "4821") // what is on file is never shown
	a.judges("verified")
	a.shows("told", "核对清单还没有完成") // one kind of proof is not enough
	a.calledBack()
	a.get("(document.getElementById('checks').scrollIntoView(), '')")
	a.picture("9-checked")
	a.judges("verified")
	m.reads("用新密码能登录POS机吗")
	a.shows("wrapup", f.noodlesID)
	a.do(chromedp.Click("#wrapup button[value=solved]"), chromedp.WaitNotVisible("#wrapup"))
	m.taps("能登录了")
	m.reads("刚才客服帮您帮得怎么样")
	m.picture("10-mark")
	m.taps("很满意")
	m.reads("谢谢您")
	m.until(inChat + ".querySelector('.case').hidden")
}

// theFraudIsHeard: a colleague must approve.
func (f *floor) theFraudIsHeard() {
	a, m := f.slow, f.bakery
	a.do(chromedp.SetValue("#checks-merchant", "821350158120077"))
	a.compares("结算卡后四位", "9035", "✓ 相符")
	a.calledBack()
	a.judges("verified")
	a.shows("told", "核对清单还没有完成")
	a.shows("checks-rule", "还需要另一位同事批准")
	f.fast.opens(f.bakeryID)
	f.fast.do(chromedp.WaitVisible("#checks-approve"))
	f.fast.picture("11-approval")
	f.fast.do(chromedp.Click("#checks-approve"))
	a.shows("checks-rule", f.fast.name+" 已批准")
	a.judges("verified")
	m.reads("You are verified, and the agent knows what happened")
	m.until(inChat + ".querySelector('.case').hidden")
	if m.heard("How well did the agent") {
		f.Error("whoever was defrauded is asked for a mark")
	}
	for _, agent := range f.agents {
		agent.until("document.querySelectorAll('.queue button.case').length === 0")
	}
}
