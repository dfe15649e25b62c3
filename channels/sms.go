package channels

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"supportbot"
)

// The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1).
// A character of the extension takes an escape and so two septets.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtension = "\f^{}\\[~]|€"
)

// An SMS has 140 octets: 160 septets, or 70 units of UCS-2. In one of several
// the header that joins them takes 6 octets (3GPP TS 23.040, 9.2.3.24.1), which
// leaves 153 septets or 67 units.
const (
	gsmAlone, gsmJoined   = 160, 153
	ucs2Alone, ucs2Joined = 70, 67
)

// Segments counts the SMS that a text is sent in. One character outside the GSM
// alphabet makes the whole text UCS-2. No character is cut in two by the end of
// a segment.
func Segments(text string) int {
	size, alone, joined := septets, gsmAlone, gsmJoined
	if !isGSM(text) {
		size, alone, joined = utf16.RuneLen, ucs2Alone, ucs2Joined
	}
	total, full, used := 0, 0, 0
	for _, r := range text {
		n := size(r)
		total += n
		if used+n > joined {
			full, used = full+1, 0
		}
		used += n
	}
	if total <= alone {
		return min(total, 1)
	}
	return full + 1
}

func isGSM(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return septets(r) == 0 })
}

// septets is the size of a character in the GSM alphabet, 0 if it is not there.
func septets(r rune) int {
	switch {
	case strings.ContainsRune(gsmBasic, r):
		return 1
	case strings.ContainsRune(gsmExtension, r):
		return 2
	}
	return 0
}

// asGSM writes what typography has and the GSM alphabet lacks.
var asGSM = strings.NewReplacer(
	"“", `"`, "”", `"`, "„", `"`, "‘", "'", "’", "'", "‐", "-", "‑", "-", "–", "-", "—", "-", "−", "-",
	"…", "...", "•", "-", "·", "-", "×", "x", "\u00a0", " ", "\u202f", " ", "\u2009", " ",
)

// SMSText is the plain text of Markdown for an SMS. Where typographic quotes and
// dashes are all that keeps it out of the GSM alphabet, it gets plain ones; a
// Chinese text keeps its own.
func SMSText(markdown string) string {
	text := PlainText(markdown)
	if plain := asGSM.Replace(text); isGSM(plain) {
		return plain
	}
	return text
}

// SMS is what a reply says in an SMS: its text with the choices numbered below,
// "1 Label" a line. Where that takes more segments than LimitsOf allows, the
// spoken text takes the place of the written one.
func SMS(r supportbot.Reply) string {
	choices := numbered(r.Choices)
	written := SMSText(r.Text + choices)
	if r.Spoken != "" && Segments(written) > LimitsOf(supportbot.SMS).Segments {
		return SMSText(r.Spoken + choices)
	}
	return written
}

// WhatsApp is what a reply says on WhatsApp: plain text, as its formatting is not
// that of Markdown, with the choices numbered below.
func WhatsApp(r supportbot.Reply) string { return PlainText(r.Text + numbered(r.Choices)) }

// numbered is a line for each choice, under the number that answers with it.
func numbered(choices []supportbot.Choice) string {
	var lines strings.Builder
	for i, c := range choices {
		key := c.Key
		if key == "" {
			key = strconv.Itoa(i + 1)
		}
		lines.WriteString("\n" + key + " " + c.Label)
	}
	return lines.String()
}
