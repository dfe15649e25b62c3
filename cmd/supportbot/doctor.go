package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"supportbot/channels"
)

type doctorCmd struct {
	PublicURL string `help:"How the world reaches the server, as serve has it." placeholder:"URL" env:"SUPPORTBOT_PUBLIC_URL"`
	Apply     bool   `help:"Have Twilio's number and Telegram call this server, or Telegram not, as the settings say; send another desk a test event."`

	twilioFlags
	telegramFlags
	deskFlags
	openaiFlags
	embeddingsFlags
	oidcFlags
	emailFlags
}

// doctorLimit bounds all that is looked at.
const doctorLimit = time.Minute

// Run looks at the channels that are switched on, and says what to do.
func (cmd *doctorCmd) Run(ctx context.Context) error {
	config, options := cmd.twilio(cmd.PublicURL), cmd.telegramOptions(cmd.PublicURL, slog.New(slog.DiscardHandler))
	mail := cmd.email(cmd.PublicURL, nil)
	desk, wrongDesk := cmd.otherDesk()
	if !config.Enabled() && options.Token == "" && cmd.OpenAIModel == "" && cmd.EmbeddingsModel == "" && cmd.OIDCIssuer == "" && cmd.SMTPURL == "" && desk == nil && wrongDesk == nil {
		return errors.New("nothing to look at: no channel, mail server, other desk, company log-in or model is set up; see docs/channels, docs/desk.md, docs/log-in.md and docs/model.md")
	}
	if err := errors.Join(config.Check(), options.Check(), cmd.checkModel(), cmd.checkEmbeddings(), cmd.checkOIDC(cmd.PublicURL), mail.Check(), wrongDesk); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, doctorLimit)
	defer cancel()
	var found []channels.Finding
	var failed error
	look := func(on bool, examine func(context.Context, bool) ([]channels.Finding, error)) {
		if on {
			more, err := examine(ctx, cmd.Apply)
			found, failed = append(found, more...), errors.Join(failed, err)
		}
	}
	look(options.Token != "", options.Examine)
	look(config.Enabled(), config.Examine)
	look(cmd.OpenAIModel != "", cmd.examineModel)
	look(cmd.EmbeddingsModel != "", cmd.examineEmbeddings)
	look(desk != nil, desk.Examine)
	look(mail.Enabled(), mail.Examine)
	look(cmd.OIDCIssuer != "", cmd.examineOIDC)
	if config.Enabled() || options.Secret != "" && cmd.PublicURL != "" {
		found = append(found, reachable(ctx, cmd.PublicURL))
	}
	bad := 0
	for _, f := range found {
		if f.Remedy == "" {
			fmt.Println("ok:   ", f.What)
			continue
		}
		bad++
		fmt.Printf("wrong: %s: %s\n", f.What, f.Remedy)
	}
	if failed == nil && bad > 0 {
		failed = fmt.Errorf("%d of these are to be put right", bad)
	}
	return failed
}

// reachable looks at the public URL as far as that can be done from here.
func reachable(ctx context.Context, public string) channels.Finding {
	f := channels.Finding{What: "the server at " + public}
	u, err := url.Parse(public)
	switch {
	case err != nil || u.Scheme != "https":
		f.Remedy = "--public-url must begin with https, or what merchants say is read on the way"
		return f
	case private(u.Hostname()):
		f.Remedy = "--public-url is an address of this machine or network, which nobody else can call"
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
