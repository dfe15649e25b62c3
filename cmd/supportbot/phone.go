package main

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"supportbot/channels"
	"supportbot/channels/twilio"
	"supportbot/handoff/console"
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

	Exchange string `json:"exchange"` // where the server asks for calls, see callCmd.Agent
}

// What stands for an account at Twilio without one.
const (
	testAccount = "AC00000000000000000000000000000000"
	testNumber  = "+861080000000"
)

// testPhoneFile is in the data directory, for the eyes of its owner.
const testPhoneFile = "phone.json"

// telephony is the channel for calls, and the switchboard by which agents are called.
type telephony struct {
	voice *twilio.Voice
	board *twilio.Switchboard
}

// routes are none where there is no telephone.
func (p telephony) routes() []channels.Route {
	if p.voice == nil {
		return nil
	}
	return append(p.voice.Routes(), p.board.Routes()...)
}

// phones are those of the console.
func (p telephony) phones() console.Phones {
	if p.board == nil {
		return nil
	}
	return p.board
}

// phone makes the channel for calls. Without an account it is for `supportbot call`
// alone: a server that only this machine reaches writes a token, new at each
// start, where only who runs it can read it.
func (cmd *serveCmd) phone(conv channels.Conversations, desk twilio.Desk, lines twilio.Lines, account twilio.Config, at net.Addr, dir string, log *slog.Logger) (p telephony, err error) {
	if !account.Enabled() {
		tcp, ok := at.(*net.TCPAddr)
		if info, _ := os.Stat(dir); info == nil || !ok || !tcp.IP.IsLoopback() { // with PostgreSQL there may be no directory
			return p, nil
		}
		test := testPhone{"http://" + at.String(), rand.Text() + rand.Text(), cmp.Or(account.Server, exchangeURL)}
		if err := test.write(filepath.Join(dir, testPhoneFile)); err != nil {
			return p, fmt.Errorf("serve: let supportbot call in: %w", err)
		}
		log.Info("calls are for this machine only; make one with supportbot call", "data", dir)
		account.AccountSID, account.AuthToken, account.From = testAccount, test.Token, testNumber
		account.PublicURL, account.Server = test.URL, test.Exchange
	}
	p = telephony{twilio.NewVoice(conv, account, cmd.PhoneHelp, log), twilio.NewSwitchboard(conv, desk, lines, account, log)}
	p.voice.Connect(p.board)
	return p, nil
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
