package twilio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"supportbot/channels"
	"supportbot/channels/pictures"
)

// mediaHosts keep what people send, and the beginning of its path there:
// https://help.twilio.com/articles/223183748. The first one wants no account but has
// addresses that end after four hours; the second is for accounts that let everybody
// see media who knows the address.
var mediaHosts = map[string]string{
	"mms.twiliocdn.com":           "/",
	"s3-external-1.amazonaws.com": "/media.twiliocdn.com/",
}

const (
	mediaLimit = 30 * time.Second // how long a picture may take to come
	mostHops   = 3                // from host to host
)

// mediaForm finds in the address of what was sent, whatever its host, the message and
// the file: https://www.twilio.com/docs/messaging/api/media-resource.
var mediaForm = regexp.MustCompile(`/Messages/([MS]M[0-9a-fA-F]{32})/Media/(ME[0-9a-fA-F]{32})$`)

// mediaRef is what a picture is called in the store: its message and its file. Where
// it is fetched from does not come from outside. It is "" if there is none.
func mediaRef(address string) string {
	found := mediaForm.FindStringSubmatch(address)
	if found == nil {
		return ""
	}
	return found[1] + "/" + found[2]
}

// media fetches what people send.
type media struct {
	config Config
	api    channels.Client // to Twilio
	files  channels.Client // to mediaHosts
}

func newMedia(config Config) media {
	var hosts []string
	for host := range mediaHosts {
		hosts = append(hosts, host)
	}
	return media{config, channels.NewClient(mediaLimit, pictures.MaxBytes+1), channels.NewPublicClient(mediaLimit, pictures.MaxBytes+1, hosts...)}
}

// fetch asks the REST API, which says where the file is, and then there, without the
// account's token.
func (m media) fetch(ctx context.Context, ref string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, mediaLimit)
	defer cancel()
	message, file, ok := strings.Cut(ref, "/")
	if !ok {
		return nil, fmt.Errorf("twilio: %w: it has no address of a picture", pictures.ErrGone)
	}
	at := fmt.Sprintf("%s/2010-04-01/Accounts/%s/Messages/%s/Media/%s", m.config.api(), m.config.AccountSID, message, file)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, fmt.Errorf("twilio: %w: its address is none", pictures.ErrGone)
	}
	request.SetBasicAuth(m.config.AccountSID, m.config.AuthToken)
	response, err := m.api.Do(request)
	for hops := 0; err == nil && response.StatusCode/100 == 3; hops++ {
		location := response.Header.Get("Location")
		_ = response.Body.Close() // of which nothing is wanted
		if hops == mostHops {
			return nil, errors.New("twilio: a picture is led from host to host")
		}
		response, err = m.follow(ctx, location)
	}
	if err != nil {
		return nil, fmt.Errorf("twilio: picture: %w", err)
	}
	defer response.Body.Close()
	return readMedia(response)
}

// follow asks for what a redirection names: on one of mediaHosts, or under
// Config.Server, where an operator or a test has one.
func (m media) follow(ctx context.Context, location string) (*http.Response, error) {
	u, err := url.Parse(location)
	if err != nil || u.User != nil {
		return nil, errElsewhere
	}
	over := m.files
	begin, known := mediaHosts[u.Host]
	switch {
	case m.config.Server != "" && u.Scheme+"://"+u.Host == m.config.Server:
		over = m.api
	case !known || u.Scheme != "https" || !strings.HasPrefix(u.Path, begin) || path.Clean(u.Path) != u.Path:
		return nil, errElsewhere
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errElsewhere
	}
	return over.Do(request)
}

var errElsewhere = errors.New("it is led to where Twilio keeps no pictures")

// readMedia reads an answer that is no redirection. Of what kind it says that the
// file is, tells nothing; its bytes do.
func readMedia(response *http.Response) ([]byte, error) {
	switch status := response.StatusCode; {
	case status == http.StatusNotFound:
		return nil, fmt.Errorf("twilio: %w", pictures.ErrAbsent) // a message may come before its files can be had
	case status == http.StatusGone:
		return nil, fmt.Errorf("twilio: %w", pictures.ErrGone)
	case status != http.StatusOK:
		return nil, fmt.Errorf("twilio: picture: an answer %d", status)
	case response.ContentLength > pictures.MaxBytes:
		return nil, pictures.ErrLarge
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, errors.New("twilio: picture: it breaks off, or takes too long")
	}
	if len(body) > pictures.MaxBytes {
		return nil, pictures.ErrLarge
	}
	return body, nil
}

// discard deletes a picture at Twilio.
func (m media) discard(ctx context.Context, ref string) error {
	message, file, _ := strings.Cut(ref, "/")
	rest, _ := m.config.rest(ctx, newClient())
	return rest.DeleteMedia(message, file, new(api.DeleteMediaParams))
}
