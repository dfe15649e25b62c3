package kb

import (
	"regexp"

	"supportbot"
)

var (
	leaving = regexp.MustCompile(`不等了|不想等|不想再等|等不了|不用等|别等了|(返回|回到|回去找|转回|换回|还是找?)机器人|退出(排队|人工)|取消(人工|排队|等待)|不(要|用|找|需要)人工|` +
		`\b(leave|cancel|quit) (the )?(queue|waiting|wait)|\bstop waiting|\b(not|don't want to|can't|won't) wait\b|\b(back|return) to (the |this )?(bot|robot|assistant)|\bno (agent|human) (needed|please)`)
	homeward = regexp.MustCompile(`返回|回到|回去|退|菜单|首页|主页|back|menu|home|start over|return`)
)

// leave reads a message of somebody who waits for an agent. It is meant for the
// agent, unless it plainly asks to leave.
func (r *Reader) leave(m message) []supportbot.Command {
	label := r.exact[m.bare]
	if leaving.MatchString(m.normal) || label == "cancel" || (label == "back" || label == "menu") && homeward.MatchString(m.bare) {
		return []supportbot.Command{{Kind: supportbot.CmdCancel}}
	}
	return nil
}
