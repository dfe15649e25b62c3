package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"supportbot/channels/twilio"
)

type doctorCmd struct {
	PublicURL string `help:"How the world reaches the server, as serve has it." placeholder:"URL" env:"SUPPORTBOT_PUBLIC_URL"`
	Apply     bool   `help:"Have the number at Twilio call this server."`

	twilioFlags
}

// doctorLimit bounds all that is looked at.
const doctorLimit = time.Minute

// Run looks at the channels that are switched on, and says what to do.
func (cmd *doctorCmd) Run(ctx context.Context) error {
	config := cmd.twilio(cmd.PublicURL)
	if !config.Enabled() {
		return errors.New("nothing to look at: no channel is switched on; see docs/channels")
	}
	if err := config.Check(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, doctorLimit)
	defer cancel()
	found, err := config.Examine(ctx, cmd.Apply)
	bad := 0
	for _, f := range append(found, reachable(ctx, cmd.PublicURL)) {
		if f.Remedy == "" {
			fmt.Println("ok:   ", f.What)
			continue
		}
		bad++
		fmt.Printf("wrong: %s: %s\n", f.What, f.Remedy)
	}
	if err == nil && bad > 0 {
		err = fmt.Errorf("%d of these are to be put right", bad)
	}
	return err
}

// reachable looks at the public URL as far as that can be done from here.
func reachable(ctx context.Context, public string) twilio.Finding {
	f := twilio.Finding{What: "the server at " + public}
	u, err := url.Parse(public)
	switch {
	case err != nil || u.Scheme != "https":
		f.Remedy = "--public-url must begin with https, or what merchants say is read on the way"
		return f
	case private(u.Hostname()):
		f.Remedy = "--public-url is an address of this machine or network, which Twilio cannot call"
		return f
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, public+"/healthz", nil)
	if err != nil {
		f.Remedy = err.Error()
		return f
	}
	client := http.Client{Timeout: 10 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		f.Remedy = "it does not answer from here: " + err.Error()
		return f
	}
	defer func() { _ = response.Body.Close() }()
	if body, _ := io.ReadAll(io.LimitReader(response.Body, 100)); response.StatusCode != http.StatusOK || strings.TrimSpace(string(body)) != "ok" {
		f.Remedy = fmt.Sprintf("/healthz answers %d and not as supportbot does; look at the proxy", response.StatusCode)
	}
	return f
}

// private tells whether a host cannot be called from elsewhere, as far as its name
// says.
func private(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") || !strings.Contains(host, ".")
}
