package twilio

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// twoDigits are the country calling codes of two digits. 1 and 7 are the only ones
// of one digit, all others have three: ITU-T E.164, annex of 2016-12-15.
const twoDigits = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "

// country is the calling code of a number, with its plus.
func country(number string) string {
	digits := strings.TrimPrefix(number, "+")
	length := 3
	switch {
	case strings.HasPrefix(digits, "1"), strings.HasPrefix(digits, "7"):
		length = 1
	case len(digits) > 1 && strings.Contains(twoDigits, " "+digits[:2]+" "):
		length = 2
	}
	return "+" + digits[:min(length, len(digits))]
}

// DefaultCountries are those whose numbers are served if Config names none, beside
// the countries of its own numbers: the merchants' home.
var DefaultCountries = []string{"+86"}

// countries are the prefixes of the numbers that are served.
func (c Config) countries() []string {
	if len(c.Countries) > 0 {
		return c.Countries
	}
	served := slices.Clone(DefaultCountries)
	for _, own := range []string{c.From, c.WhatsAppFrom} {
		if own != "" {
			served = append(served, country(own))
		}
	}
	return served
}

// CheckPhone refuses a number that is not to be called.
func (c Config) CheckPhone(number string) error {
	switch {
	case !e164Form.MatchString(number):
		return errors.New("a telephone number is written with its country code and nothing between the digits, such as +4930901820")
	case !c.serves(number):
		return fmt.Errorf("numbers of %s are not called; --twilio-countries lists those that are: %s", country(number), strings.Join(c.countries(), ","))
	}
	return nil
}

// serves tells whether a number is in a country that is served. Numbers of others
// get no answer: those that are dear to write to are used to earn by it.
func (c Config) serves(number string) bool {
	for _, prefix := range c.countries() {
		if strings.HasPrefix(number, prefix) {
			return true
		}
	}
	return false
}

func checkCountries(prefixes []string) error {
	for _, p := range prefixes {
		if len(p) < 2 || p[0] != '+' || strings.Trim(p[1:], "0123456789") != "" {
			return fmt.Errorf("--twilio-countries: %q must be the beginning of telephone numbers, such as +86 or +1787", p)
		}
	}
	return nil
}
