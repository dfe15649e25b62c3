package supportbot

// Traffic is how people went through a step of a flow.
type Traffic struct {
	Arrived int `json:"arrived"`
	Left    int `json:"left"`   // hung up, or wrote nothing more for a while
	Agent   int `json:"agent"`  // asked for an agent
	Missed  int `json:"missed"` // what they said was not understood; they may yet have gone on
}
