package kb

import (
	"regexp"

	"supportbot"
)

var (
	leaving = regexp.MustCompile(`不等了|不想等|不想再等|等不了|不用等|别等了|(返回|回到|回去找|转回|换回|还是找?)机器人|退出(排队|人工)|取消(人工|排队|等待)|不(要|用|找|需要)人工|人工不用|先不用了|我自己(来|弄|打|办)|` +
		`\b(leave|cancel|quit) (the )?(queue|waiting|wait)|\bstop waiting|\b(not|don't want to|can't|won't) wait\b|\b(back|return) to (the |this )?(bot|robot|assistant)|\bno (agent|human) (needed|please)`)
	homeward = regexp.MustCompile(`返回|回到|回去|退|菜单|首页|主页|back|menu|home|start over|return`)
)

// waiting reads a message of somebody who waits for an agent. It is meant for
// the agent, unless it plainly asks to leave, names one of the buttons, wants
// another language, or is a number to call back.
func (r *Reader) waiting(m message, q supportbot.Question) []supportbot.Command {
	label := r.exact[m.bare]
	if leaving.MatchString(m.normal) || label == "cancel" || (label == "back" || label == "menu") && homeward.MatchString(m.bare) {
		return []supportbot.Command{{Kind: supportbot.CmdCancel}}
	}
	if len(q.Slot.Options) == 0 {
		return nil // an agent is there
	}
	if m.topic == controlSpeak && m.decision == supportbot.Control && trusted(m.right, aside) {
		return r.command(controlSpeak, m.normal, q)
	}
	if value, ok := chosen(m.bare, q.Slot.Options); ok {
		return []supportbot.Command{{Kind: supportbot.CmdFill, Slot: q.Slot.Name, Value: value}}
	}
	if leavesNumber.MatchString(m.normal) {
		return []supportbot.Command{{Kind: supportbot.CmdFill, Slot: q.Slot.Name, Value: q.Slot.Options[0].Value}}
	}
	if address := supportbot.FindEmail(m.text); address != "" {
		return []supportbot.Command{{Kind: supportbot.CmdFill, Slot: "contact", Value: address}} // refused where no mail is sent
	}
	if number, left, ok := fromClauses(m, phones); ok && len(left) <= 1 {
		return []supportbot.Command{{Kind: supportbot.CmdFill, Slot: "contact", Value: number}}
	}
	return nil
}

var leavesNumber = regexp.MustCompile(`留(个|下|一个|一下)?(我的)?(联系)?(电话|手机号?|号码|方式)|\bleave (a|my|you my) (phone |contact )?number\b|\bcall me back\b`)
