package supportbot

import "time"

// Means is how an item of a checklist is checked.
type Means string

// The means. The server itself finds out about the first two; of the others the
// agent says what came of them.
const (
	ByCompare  Means = "compare"  // what the person says is compared, blind, with reference data
	ByCode     Means = "code"     // the person types a one-time code that was sent to the contact on file
	ByCallback Means = "callback" // the number on file is called
	ByDocument Means = "document" // a document is looked at
)

// Kind is what a means rests on: "word", "telephone" or "document". Two items of one kind
// fall together: whoever has a slip of the till reads the name and the card's end off it.
func (m Means) Kind() string {
	switch m {
	case ByCompare:
		return "word"
	case ByCode, ByCallback:
		return "telephone"
	}
	return "document"
}

// Checks is the checklist of a case: the rule as it was when the case was opened,
// and how far the agents have come with it. What the person said is not in it.
type Checks struct {
	Need     int           `json:"need"`               // items that must match before the verdict may be Verified; 0: the list is advice
	Kinds    int           `json:"kinds,omitempty"`    // of so many kinds, see Means.Kind, must those items be
	Attempts int           `json:"attempts"`           // of all items together
	Approval bool          `json:"approval,omitempty"` // another agent than the owner must approve
	ValidFor time.Duration `json:"valid_for"`          // how long the proof holds, in nanoseconds; 0: as the flow says
	Items    []Check       `json:"items"`

	// Need, Must and Approval hold only where there are reference data; elsewhere the
	// list is advice, and the agent's own word counts.
	OnlyWithReference bool `json:"only_with_reference,omitempty"`

	Used     int    `json:"used"`               // attempts so far
	Subject  string `json:"subject,omitempty"`  // keyed hash of the merchant whose data were compared
	Approved string `json:"approved,omitempty"` // the agent who approved what has matched
	Code     *Code  `json:"code,omitempty"`     // the one-time code sent last
}

// Check is one item of a checklist.
type Check struct {
	ID       string              `json:"id"`
	Title    map[Language]string `json:"title"`
	Means    Means               `json:"means"`
	Field    string              `json:"field,omitempty"` // of the reference data: with ByCompare what is compared, with ByCode the number
	Must     bool                `json:"must,omitempty"`  // it must be among those that match
	Attempts int                 `json:"attempts"`
	Used     int                 `json:"used"`
	Match    bool                `json:"match"` // what came of the last attempt
}

// Code is a one-time code on its way to a person. Neither the code nor the number
// that it went to is kept.
type Code struct {
	Item  string      `json:"item"`
	Hash  string      `json:"hash"` // keyed, of the case and the code; "" once it is used up
	Until time.Time   `json:"until"`
	Tries int         `json:"tries"` // that were wrong
	Sent  []time.Time `json:"sent"`  // when one was sent, within the last hour
}

// Item returns an item by its id, nil if there is none.
func (c *Checks) Item(id string) *Check {
	if c == nil {
		return nil
	}
	for i := range c.Items {
		if c.Items[i].ID == id {
			return &c.Items[i]
		}
	}
	return nil
}
