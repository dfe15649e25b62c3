package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"supportbot/channels"
	"supportbot/channels/throttle"
	"supportbot/channels/twilio"
	"supportbot/internal/telephone"
)

// phoneFlags are what calls need beside the account.
type phoneFlags struct {
	PhoneHelp string `help:"Telephone number that callers are told when the bot does not work." placeholder:"NUMBER" env:"SUPPORTBOT_PHONE_HELP"`
}

// testPhone is how `supportbot call` reaches a server that has no account at
// Twilio: it signs as Twilio would, with a token of its own.
type testPhone struct {
	URL   string `json:"url"`
	Token string `json:"token"`
}

// testPhoneFile is in the data directory, for the eyes of its owner.
const testPhoneFile = "phone.json"

// phone returns the routes of the channel for calls. Without an account they are
// for `supportbot call` alone: a server that only this machine reaches writes a
// token, new at each start, where only who runs it can read it. pad is the page on
// which people may call it then, unless a proxy brings the public here.
func (cmd *serveCmd) phone(conv channels.Conversations, ledger twilio.Ledger, account twilio.Config, at net.Addr, dir string, log *slog.Logger) (routes []channels.Route, pad string, err error) {
	if account.Enabled() {
		return twilio.NewVoice(conv, account, cmd.PhoneHelp, log).Texts(ledger).Routes(), "", nil
	}
	tcp, ok := at.(*net.TCPAddr)
	if info, _ := os.Stat(dir); info == nil || !ok || !tcp.IP.IsLoopback() { // with PostgreSQL there may be no directory
		return nil, "", nil
	}
	test := testPhone{"http://" + at.String(), rand.Text() + rand.Text()}
	if err := test.write(filepath.Join(dir, testPhoneFile)); err != nil {
		return nil, "", fmt.Errorf("serve: let supportbot call in: %w", err)
	}
	log.Info("calls are for this machine only; make one with supportbot call", "data", dir)
	account = twilio.Config{AuthToken: test.Token, PublicURL: test.URL}
	routes = twilio.NewVoice(conv, account, cmd.PhoneHelp, log).Routes()
	if cmd.PublicURL != "" {
		return routes, "", nil
	}
	client := throttle.Proxies(cmd.TrustedProxies).Client
	return append(routes, telephone.NewPad(test.URL, test.Token, client, log).Routes()...), telephone.PagePath, nil
}

// write replaces the file whole, so that nobody reads half a token.
func (p testPhone) write(file string) error {
	made, err := os.CreateTemp(filepath.Dir(file), "."+testPhoneFile+"-*") // for the owner alone
	if err != nil {
		return err
	}
	if err := errors.Join(json.NewEncoder(made).Encode(p), made.Close()); err != nil {
		return errors.Join(err, os.Remove(made.Name()))
	}
	return os.Rename(made.Name(), file)
}

// readTestPhone finds the server that works on a data directory.
func readTestPhone(dir string) (p testPhone, err error) {
	data, err := os.ReadFile(filepath.Join(dir, testPhoneFile)) //nolint:gosec // who runs the command names the directory
	if errors.Is(err, os.ErrNotExist) {
		return p, fmt.Errorf("no server that can be called works on %s: start one with make run or supportbot serve --data, or name another with --url", dir)
	}
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	return p, err
}
