package supportbot

import "time"

// ContentVersion is one version of the content. Versions are kept whole, so that
// an open conversation can go on with the one that it began with.
type ContentVersion struct {
	ID          string    `json:"id"` // hash of its files
	AddedAt     time.Time `json:"added_at"`
	Source      string    `json:"source"` // "built in", or the folder that it came from
	Flows       int       `json:"flows"`
	Topics      int       `json:"topics"`
	PublishedAt time.Time `json:"published_at,omitzero"` // the last time; zero if never
	PublishedBy string    `json:"published_by,omitempty"`
	Current     bool      `json:"current"` // conversations that begin now run on it
	Retired     bool      `json:"retired"` // its open conversations go on with the current one
	Open        int       `json:"open"`    // conversations in the middle of one of its flows
}
