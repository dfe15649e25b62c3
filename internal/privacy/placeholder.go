package privacy

import (
	"regexp"
	"strings"
)

var placeholder = regexp.MustCompile(`\[((card|phone)( \*{4}\d{4})?|id number|password|pin|code|cvv|expiry|track)\]`)

// WithoutMasks takes the placeholders out of a masked text: what stands in the
// place of a secret is not what the person said.
func WithoutMasks(text string) string {
	return strings.TrimSpace(placeholder.ReplaceAllString(text, " "))
}
