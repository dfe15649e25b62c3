package console

import (
	"context"
	"net/http"

	"supportbot"
	"supportbot/channels/pictures"
	"supportbot/handoff"
)

// Pictures has what people sent to be looked at.
type Pictures interface {
	// Pictures lists those of a conversation in the order in which they came.
	Pictures(ctx context.Context, id supportbot.ThreadID) ([]pictures.Picture, error)

	// Picture returns one as a JPEG; supportbot.ErrNotFound if it is not here.
	Picture(ctx context.Context, id supportbot.ThreadID, picture string) (jpeg []byte, err error)
}

// showPicture shows what a person sent. It was made anew from its pixels, and is shown
// as a picture whatever a browser thinks of it.
func (c *Console) showPicture(w http.ResponseWriter, r *http.Request, agent handoff.Agent) {
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	one, ok := c.caseRead(ctx, w, r, agent)
	if !ok {
		return
	}
	jpeg, err := c.pictures.Picture(ctx, one.Thread, r.PathValue("picture"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	_, _ = w.Write(jpeg) // a browser that has gone cannot be told
}

// picturesOf are those of a case, none where nobody keeps any.
func (c *Console) picturesOf(ctx context.Context, one supportbot.Case) ([]pictures.Picture, error) {
	if c.pictures == nil {
		return nil, nil
	}
	return c.pictures.Pictures(ctx, one.Thread)
}
