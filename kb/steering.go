package kb

import (
	"regexp"
	"slices"

	"supportbot"
)

// commandFor is what a control asks for. Yes and no ask for nothing by
// themselves: they answer a question.
var commandFor = map[string]supportbot.CommandKind{
	"greet":      supportbot.CmdGreet,
	"thanks":     supportbot.CmdThanks,
	"goodbye":    supportbot.CmdGoodbye,
	"menu":       supportbot.CmdMenu,
	"repeat":     supportbot.CmdRepeat,
	"back":       supportbot.CmdBack,
	"cancel":     supportbot.CmdCancel,
	controlAgent: supportbot.CmdAgent,
	controlSpeak: supportbot.CmdLanguage,
}

// steering lists the commands of clauses that surely are steering words. Beside
// something weightier only the agent and stopping matter.
func (r *Reader) steering(m message, clauses []string, beside bool, q supportbot.Question) []supportbot.Command {
	var list, courtesy []supportbot.Command
	for _, clause := range clauses[:min(len(clauses), maxClauses)] {
		g := r.part(m, clause)
		if !r.steers(g) || len(clauses) > 1 && onlyDigits(clause) == clause { // "just now, 88" is an amount, not bye-bye
			continue
		}
		for _, c := range r.command(g.topic, clause, q) {
			switch {
			case c.Kind == supportbot.CmdGreet || c.Kind == supportbot.CmdThanks || c.Kind == supportbot.CmdGoodbye:
				courtesy = append(courtesy, c)
			case beside && c.Kind != supportbot.CmdAgent && c.Kind != supportbot.CmdCancel:
			case !slices.ContainsFunc(list, func(o supportbot.Command) bool { return o.Kind == c.Kind }):
				list = append(list, c)
			}
		}
	}
	if len(list) == 0 && !beside && len(courtesy) > 0 {
		return courtesy[len(courtesy)-1:]
	}
	return list
}

// command turns a control into its command, if it has one.
func (r *Reader) command(control, normal string, q supportbot.Question) []supportbot.Command {
	kind, ok := commandFor[control]
	if !ok {
		return nil
	}
	c := supportbot.Command{Kind: kind}
	if kind == supportbot.CmdLanguage {
		now := q.Language
		if now == "" {
			now = Language(normal)
		}
		c.Value = string(wanted(normal, now))
	}
	return []supportbot.Command{c}
}

var (
	sayChinese = regexp.MustCompile(`中文|汉语|普通话|国语|chinese|mandarin`)
	sayEnglish = regexp.MustCompile(`英文|英语|洋文|外文|english`)
	cannot     = regexp.MustCompile(`不懂|不会|看不|听不|别说|不要|不好|poor|n't|not|no `)
)

// lackingIn finds the language that somebody says is poor: "我英文不好".
var lackingIn = regexp.MustCompile(`(中文|汉语|普通话|国语|chinese|mandarin|英文|英语|english) ?(is |'s )?(不太?(好|行|会|懂)|差|poor|bad|not good)`)

// wanted tells which language a wish to change it names: the one named, the
// other one if somebody cannot read it, and without a name the other than now.
func wanted(normal string, now supportbot.Language) supportbot.Language {
	zh, en := sayChinese.MatchString(normal), sayEnglish.MatchString(normal)
	lacking := cannot.MatchString(normal)
	if zh && en { // "my Chinese is poor, English better": not the one that is lacking, else the last
		at := func(re *regexp.Regexp) int { all := re.FindAllStringIndex(normal, -1); return all[len(all)-1][0] }
		zh, lacking = at(sayChinese) > at(sayEnglish), false
		if m := lackingIn.FindStringSubmatch(normal); m != nil {
			zh = !sayChinese.MatchString(m[1])
		}
	}
	named := zh || en
	if !named {
		zh = now == supportbot.English
	}
	if zh == (lacking && named) {
		return supportbot.English
	}
	return supportbot.Chinese
}
