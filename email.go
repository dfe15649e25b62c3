package supportbot

import (
	"regexp"
	"strings"
)

// email is the form of an address that people type: RFC 5321 has more, which nobody
// has. Its parts are 64 and 189 characters at most, so that it has 254 in all.
var email = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,5}[A-Za-z]{2,24}`)

// wide are signs as Chinese keyboards write them.
var wide = strings.NewReplacer("＠", "@", "．", ".")

// FindEmail returns the first e-mail address in a text, "" if there is none.
func FindEmail(text string) string { return email.FindString(wide.Replace(text)) }

// IsEmail tells whether a text is one e-mail address and nothing else.
func IsEmail(text string) bool {
	return len(text) <= 254 && email.FindString(text) == text && text != "" && !strings.Contains(text, "..")
}

// HideEmails leaves the first letter and the domain of every e-mail address in a text.
func HideEmails(text string) string {
	if !strings.ContainsAny(text, "@＠") {
		return text
	}
	return email.ReplaceAllStringFunc(wide.Replace(text), func(address string) string {
		_, domain, _ := strings.Cut(address, "@")
		return address[:1] + "***@" + domain
	})
}
