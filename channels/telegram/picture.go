package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot"

	"supportbot/channels"
	"supportbot/channels/pictures"
)

// downloadLimit is how long a file may take to come.
const downloadLimit = 30 * time.Second

// pathForm is a file_path of https://core.telegram.org/bots/api#file. A server of
// one's own in its local mode gives the path of a file on its disk, which is none.
var pathForm = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$`)

// sized is a picture of https://core.telegram.org/bots/api#photosize, or a document.
type sized struct {
	FileID string `json:"file_id"`
	Width  int    `json:"width"`
	MIME   string `json:"mime_type"`
}

// picture is the file of the picture that a message holds, in its largest size; ""
// if it holds none.
func (t things) picture() string {
	var sizes []sized
	if json.Unmarshal(t.Photo, &sizes) == nil && len(sizes) > 0 {
		largest := sizes[0]
		for _, s := range sizes {
			if s.Width > largest.Width {
				largest = s
			}
		}
		return largest.FileID
	}
	if t.Document != nil && strings.HasPrefix(t.Document.MIME, "image/") {
		return t.Document.FileID
	}
	return ""
}

// wants has the picture of an update fetched, once its message is durable.
func (c *Channel) wants(ctx context.Context, u update) error {
	m := u.Message
	if c.pictures == nil || m == nil || m.From.Bot || !m.Chat.private() {
		return nil
	}
	if file := m.picture(); file != "" {
		return c.pictures.Want(ctx, address(m.Chat.ID), "m"+strconv.FormatInt(m.ID, 10), file)
	}
	return nil
}

// download fetches a file. The token is in its URL, so no error tells it.
func (c *Channel) download(ctx context.Context, file string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, downloadLimit)
	defer cancel()
	found, err := c.bot.GetFile(ctx, &bot.GetFileParams{FileID: file})
	if err != nil {
		if f := failure(err); f.Kind != channels.Refused {
			return nil, f
		}
		if strings.Contains(err.Error(), "too big") { // for the Bot API: above 20 MB
			return nil, pictures.ErrLarge
		}
		return nil, pictures.ErrGone
	}
	if found.FileSize > pictures.MaxBytes {
		return nil, pictures.ErrLarge
	}
	if !pathForm.MatchString(found.FilePath) {
		return nil, fmt.Errorf("telegram: %w: its path is none under the Bot API server", pictures.ErrGone)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.opt.server()+"/file/bot"+c.opt.Token+"/"+found.FilePath, nil)
	if err != nil {
		return nil, errors.New("telegram: file: no request can be made of --telegram-server")
	}
	response, err := c.files.Do(request)
	if err != nil {
		return nil, fmt.Errorf("telegram: file: %w", err)
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusNotFound:
		return nil, pictures.ErrGone
	case response.StatusCode != http.StatusOK: // a redirect as well: it is not followed
		return nil, fmt.Errorf("telegram: file: an answer %d", response.StatusCode)
	case response.ContentLength > pictures.MaxBytes:
		return nil, pictures.ErrLarge
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, errors.New("telegram: file: it breaks off, or takes too long")
	}
	if len(body) > pictures.MaxBytes {
		return nil, pictures.ErrLarge
	}
	return body, nil
}
