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
	"supportbot/channels/throttle"
	"supportbot/channels/twilio"
	"supportbot/handoff/console"
	"supportbot/internal/store"
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

	Exchange string `json:"exchange"` // where the server asks for calls, see callCmd.Agent
}

// What stands for an account at Twilio without one.
const (
	exchangeURL = "http://127.0.0.1:8077" // where the server asks for calls
	testAccount = "AC00000000000000000000000000000000"
	testNumber  = "+861080000000"

	testTemplate = "HX00000000000000000000000000000000"
)

// testPhoneFile is in the data directory, for the eyes of its owner.
const testPhoneFile = "phone.json"

// telephony is the channel for calls, the switchboard by which agents are called,
// and the page on which people may call without an account.
type telephony struct {
	routes []channels.Route
	board  *twilio.Switchboard // nil where there is no telephone
	texts  twilio.Config       // over which messages come and go; not enabled where there are none
	pad    string              // the path of the page, "" if there is none
}

// phones are those of the console.
func (p telephony) phones() console.Phones {
	if p.board == nil {
		return nil
	}
	return p.board
}

// phone makes the channel for calls. Without an account it is for `supportbot call`
// alone, and for the page with the pad unless a proxy brings the public here: a
// server that only this machine reaches writes a token, new at each start, where
// only who runs it can read it.
func (cmd *serveCmd) phone(conv channels.Conversations, desk twilio.Desk, s *store.Store, account twilio.Config, at net.Addr, dir string, log *slog.Logger) (p telephony, err error) {
	if account.Enabled() {
		board := twilio.NewSwitchboard(conv, desk, s, account, log).Texts(twilio.NewSender(account, s))
		p = connect(twilio.NewVoice(conv, account, cmd.PhoneHelp, log).Texts(s), board)
		p.texts = account
		return p, nil
	}
	tcp, ok := at.(*net.TCPAddr)
	if info, _ := os.Stat(dir); info == nil || !ok || !tcp.IP.IsLoopback() { // with PostgreSQL there may be no directory
		return p, nil
	}
	test := testPhone{"http://" + at.String(), rand.Text() + rand.Text(), cmp.Or(account.Server, exchangeURL)}
	if err := test.write(filepath.Join(dir, testPhoneFile)); err != nil {
		return p, fmt.Errorf("serve: let supportbot call in: %w", err)
	}
	log.Info("calls and messages are for this machine only; try supportbot call and supportbot text", "data", dir)
	account = twilio.Config{AuthToken: test.Token, PublicURL: test.URL, From: testNumber, WhatsAppFrom: testNumber, Template: testTemplate, DailySegments: int(cmd.TwilioDailySegments)}
	voice := twilio.NewVoice(conv, account, cmd.PhoneHelp, log).Texts(s) // any number may call, very often
	account.AccountSID, account.Server = testAccount, test.Exchange
	p = connect(voice, twilio.NewSwitchboard(conv, desk, s, account, log))
	p.texts = account
	p.texts.Server = test.URL
	public := cmd.PublicURL != ""
	p.routes = append(p.routes, telephone.NewPost(test.URL, test.Token, !public, log).Routes()...)
	if !public {
		client := throttle.Proxies(cmd.TrustedProxies).Client
		pad := telephone.NewPad(test.URL, test.Token, test.Exchange, client, log)
		p.routes, p.pad = append(p.routes, pad.Routes()...), telephone.PagePath
	}
	return p, nil
}

// connect has callers put through to the telephones of agents.
func connect(voice *twilio.Voice, board *twilio.Switchboard) telephony {
	voice.Connect(board)
	return telephony{routes: append(voice.Routes(), board.Routes()...), board: board}
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
