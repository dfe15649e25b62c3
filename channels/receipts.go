package channels

// Stage is how far a message came that was sent. Only a later one takes the place of
// another: a provider's calls come in any order and more than once. A message that
// was tried twice has arrived if one of them has, so that delivered is after failed.
type Stage int

// The stages.
const (
	Invited   Stage = iota + 1 // not sent: a template has asked the person to write
	Queued                     // by the provider
	Sent                       // to the carrier
	Failed                     // by the carrier, or at the person's end
	Delivered                  //
	Read                       // where the channel tells
)

var stageNames = map[Stage]string{
	Invited: "invited", Queued: "queued", Sent: "sent", Failed: "failed", Delivered: "delivered", Read: "read",
}

// MarshalText writes the stage as the agent API has it.
func (s Stage) MarshalText() ([]byte, error) { return []byte(stageNames[s]), nil }

// Receipt is what became of a message that was sent.
type Receipt struct {
	Message int64 `json:"seq"` // its number in the transcript
	Stage   Stage `json:"stage"`
	Code    int   `json:"code,omitempty"` // of Failed: the provider's error, 0 if none is known
}
