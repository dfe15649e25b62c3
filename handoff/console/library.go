package console

import (
	"context"
	"fmt"
	"slices"

	"supportbot"
	"supportbot/dialog"
)

// Library is the content that the bot runs on, in versions. Of a version that
// does not exist, methods return supportbot.ErrNotFound; of what cannot be done
// with one, supportbot.ErrInvalid with the reason.
type Library interface {
	// Versions lists all versions, the newest first.
	Versions(ctx context.Context) ([]supportbot.ContentVersion, error)

	// Publish puts a version in force for conversations that begin from now on.
	// With an older version, also a retired one, it is a roll back.
	Publish(ctx context.Context, version, by string) error

	// Retire takes a version out of use. Its open conversations go on with the
	// version in force.
	Retire(ctx context.Context, version, by string) error

	// Retirement tells what Retire would do to the open conversations now.
	Retirement(ctx context.Context, version string) (Retirement, error)

	// Book returns the flows of a version.
	Book(ctx context.Context, version string) (*dialog.Book, error)

	// Preview plays a chat with a version from its beginning. An act that cannot
	// be done where it stands, such as a claim without a case, is
	// supportbot.ErrInvalid.
	Preview(ctx context.Context, version string, p Preview) (PreviewResult, error)
}

// Retirement is what becomes of the open conversations of a retired version.
type Retirement struct {
	Continue int `json:"continue"` // go on at the step where they stand
	Restart  int `json:"restart"`  // their step is gone: they start the flow again
}

// Preview is a chat with a version of the content. It is sent whole with every
// act and played from its beginning, so that the server keeps nothing of it.
type Preview struct {
	Channel  supportbot.Channel  `json:"channel"`
	Language supportbot.Language `json:"language"`
	Acts     []Act               `json:"acts"`
}

// Act is one thing that happens in a preview: exactly one field is set.
type Act struct {
	User   string `json:"user,omitempty"`   // words of the person
	Choice string `json:"choice,omitempty"` // a button, by its value
	Digits string `json:"digits,omitempty"` // keys of the phone
	Event  string `json:"event,omitempty"`  // open, silence or hangup
	Agent  string `json:"agent,omitempty"`  // claim, release, close, message TEXT or outcome VERDICT
	Wait   string `json:"wait,omitempty"`   // time that passes, such as 20m
}

// PreviewResult is what came of a preview.
type PreviewResult struct {
	Turns      []PreviewTurn `json:"turns"`      // one for each act
	Transcript string        `json:"transcript"` // the chat as YAML that `supportbot test` runs
}

// PreviewTurn is an act and what came of it.
type PreviewTurn struct {
	Act
	Said  []supportbot.Message `json:"said"`  // by anybody: the act itself too, if it left words
	At    string               `json:"at"`    // the open flow and step, as "flow/step"; "" if none
	Topic string               `json:"topic"` // of the open flow, or of the article just given
	Case  supportbot.CaseState `json:"case,omitempty"`
	Ended bool                 `json:"ended"`
}

// previewChannels are those that differ for whoever tries a flow: buttons,
// numbers to type, and a telephone.
var previewChannels = []supportbot.Channel{supportbot.Web, supportbot.SMS, supportbot.Voice}

// maxActs bounds a preview: far more than anybody tries by hand.
const maxActs = 500

// check refuses what could not be played, with supportbot.ErrInvalid.
func (p Preview) check() error {
	if !slices.Contains(previewChannels, p.Channel) {
		return fmt.Errorf("%w: channel must be web, sms or voice", supportbot.ErrInvalid)
	}
	if !p.Language.Valid() {
		return fmt.Errorf("%w: language must be zh or en", supportbot.ErrInvalid)
	}
	if len(p.Acts) > maxActs {
		return fmt.Errorf("%w: the chat has %d acts, the most is %d; start again", supportbot.ErrInvalid, len(p.Acts), maxActs)
	}
	for i, a := range p.Acts {
		set := 0
		for _, field := range []string{a.User, a.Choice, a.Digits, a.Event, a.Agent, a.Wait} {
			if field != "" {
				set++
			}
		}
		if set != 1 {
			return fmt.Errorf("%w: act %d needs exactly one of user, choice, digits, event, agent, wait", supportbot.ErrInvalid, i+1)
		}
	}
	return nil
}
