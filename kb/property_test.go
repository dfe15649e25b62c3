package kb

import (
	"os"
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"supportbot"
)

// TestReadKeepsToTheQuestion draws questions and messages made of phrases,
// answers, cues and noise, and checks that a reading never leaves what the
// question allows.
func TestReadKeepsToTheQuestion(t *testing.T) {
	r := reader(t)
	var phrases []string
	for phrase := range r.exact {
		phrases = append(phrases, phrase)
	}
	slices.Sort(phrases)
	piece := rapid.OneOf(
		rapid.SampledFrom(phrases),
		rapid.SampledFrom([]string{"不对，", "说错了", "改成", "actually ", "no, ", "不是", "第二个", "选", "2", "9", "拉卡拉", "盛付通", "柜台", "branch", "是的", "还没", "不等了", "?", "，", " "}),
		rapid.StringMatching(`[0-9+ -]{1,20}`),
		rapid.StringN(0, 12, 40),
	)
	slots := []supportbot.Slot{{}, brand, way, worked, merchant, phone, story, pick}
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, p := range rapid.SliceOfN(piece, 0, 4).Draw(t, "pieces") {
			text += p
		}
		q := supportbot.Question{
			Slot:     rapid.SampledFrom(slots).Draw(t, "slot"),
			Topics:   rapid.SliceOfN(rapid.SampledFrom([]string{"suspected-fraud", "forgot-password", "binding-failed"}), 0, 2).Draw(t, "topics"),
			Language: rapid.SampledFrom([]supportbot.Language{"", supportbot.Chinese, supportbot.English}).Draw(t, "language"),
			Queued:   rapid.IntRange(0, 9).Draw(t, "queued") == 0,
		}
		for _, s := range rapid.SliceOfNDistinct(rapid.SampledFrom(slots[1:]), 0, 3, func(s supportbot.Slot) string { return s.Name }).Draw(t, "answered") {
			if s.Name != q.Slot.Name {
				q.Answered = append(q.Answered, s)
			}
		}
		got := r.Read(text, q)
		checkReading(t, r, got)
		for _, c := range got.Commands {
			if !allowed(r, q, c) {
				t.Fatalf("%q gives %+v, which %+v does not allow", text, c, q)
			}
		}
	})
}

func checkReading(t interface{ Fatalf(string, ...any) }, r *Reader, got supportbot.Reading) {
	if len(got.Candidates) > maxCandidates {
		t.Fatalf("%d candidates", len(got.Candidates))
	}
	last := 1.0
	for _, c := range got.Candidates {
		if c.Score > last || c.Score < 0 || r.kind[c.Topic] == isNone {
			t.Fatalf("candidates are %v", got.Candidates)
		}
		last = c.Score
	}
	wantKind := map[supportbot.Decision]kind{supportbot.Answer: isTopic, supportbot.Clarify: isTopic, supportbot.Control: isControl, supportbot.None: isNone}
	if r.kind[got.Topic] != wantKind[got.Decision] || (got.Topic == "") != (got.Decision == supportbot.None) {
		t.Fatalf("%s with topic %q", got.Decision, got.Topic)
	}
}

func allowed(r *Reader, q supportbot.Question, c supportbot.Command) bool {
	switch c.Kind {
	case supportbot.CmdCancel:
		return true
	case supportbot.CmdWait:
		return !q.Queued && q.Slot.Name != ""
	case supportbot.CmdFill:
		if q.Queued && c.Slot == "contact" {
			return len(q.Slot.Options) > 0 && fits(phone, c.Value)
		}
		return c.Slot == q.Slot.Name && fits(q.Slot, c.Value)
	case supportbot.CmdCorrect:
		return !q.Queued && slices.ContainsFunc(q.Answered, func(s supportbot.Slot) bool {
			return s.Name == c.Slot && s.Value != c.Value && fits(s, c.Value)
		})
	case supportbot.CmdStart:
		return !q.Queued && r.kind[c.Topic] == isTopic && !slices.Contains(q.Topics, c.Topic)
	case supportbot.CmdClarify:
		distinct := slices.Compact(slices.Sorted(slices.Values(c.Topics)))
		return !q.Queued && len(distinct) == len(c.Topics) && (len(distinct) == 2 || len(distinct) == 3) &&
			!slices.ContainsFunc(distinct, func(topic string) bool { return r.kind[topic] != isTopic || slices.Contains(q.Topics, topic) })
	case supportbot.CmdLanguage:
		return (!q.Queued || len(q.Slot.Options) > 0) && supportbot.Language(c.Value).Valid()
	default:
		return !q.Queued && slices.Contains([]supportbot.CommandKind{supportbot.CmdAgent, supportbot.CmdBack, supportbot.CmdRepeat,
			supportbot.CmdMenu, supportbot.CmdGreet, supportbot.CmdThanks, supportbot.CmdGoodbye}, c.Kind)
	}
}

func fits(s supportbot.Slot, value string) bool {
	n := utf8.RuneCountInString(value)
	switch s.Type {
	case supportbot.SlotText:
		return n > 0 && n <= s.Max
	case supportbot.SlotDigits:
		return onlyDigits(value) == value && n >= s.Min && n <= s.Max
	case supportbot.SlotPhone:
		return phoneNumber.MatchString(value)
	default:
		return slices.ContainsFunc(s.Options, func(o supportbot.Option) bool { return o.Value == value })
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{"", "POS机密码忘了", "not the branch, no", "nananananananananananananananab", "１２３\u200b\xff", "第十个", "不不不不", "a,b;c.d!e?"} {
		f.Add(text, uint8(0))
	}
	slots := []supportbot.Slot{{}, brand, way, worked, merchant, phone, story, pick, {Name: "empty", Type: supportbot.SlotEnum}}
	f.Fuzz(func(t *testing.T, text string, slot uint8) {
		r := reader(t)
		q := asking(slots[int(slot)%len(slots)])
		q.Answered = []supportbot.Slot{brand}
		checkReading(t, r, r.Read(text, q))
	})
}

// TestReadersAgree trains twice: the same base gives the same reader.
func TestReadersAgree(t *testing.T) {
	base, err := Load(tinyGuide())
	if err != nil {
		t.Fatal(err)
	}
	a, b := NewReader(base), NewReader(base)
	if !slices.Equal(a.classifier.model.weights, b.classifier.model.weights) || a.judge != b.judge {
		t.Error("two readers of one base differ")
	}
}

func BenchmarkRead(b *testing.B) {
	r := reader(b)
	texts := []string{"POS机密码忘了", "你好，我想问一下，绑卡一直失败怎么办", "the card reader says declined, what now", "不对，是拉卡拉"}
	q := asking(brand)
	for i := 0; b.Loop(); i++ {
		r.Read(texts[i%len(texts)], q)
	}
}

func BenchmarkNewReader(b *testing.B) {
	base, err := Load(os.DirFS("../kb-content"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		NewReader(base)
	}
}
