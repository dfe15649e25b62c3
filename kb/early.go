package kb

import "supportbot"

// early reads answers out of the words that start a flow, by slot. Only what is
// named counts, in a word or in two characters: nothing was asked yet.
func early(m message, slots []supportbot.Slot) map[string]string {
	var filled map[string]string
	for _, s := range slots {
		values := map[string]bool{}
		for _, c := range m.clauses {
			us := units(c)
			for _, n := range mentions(c, s.Options) {
				if !n.denied && (n.end-n.start > 1 || !startsHan(us[n.start])) {
					values[s.Options[n.option].Value] = true
				}
			}
		}
		for value := range values {
			if len(values) == 1 {
				if filled == nil {
					filled = map[string]string{}
				}
				filled[s.Name] = value
			}
		}
	}
	return filled
}
