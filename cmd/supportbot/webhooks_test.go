package main

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/schema_validation"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"supportbot"
	"supportbot/channels/rest"
	"supportbot/internal/delivery"
	"supportbot/internal/feed"
)

func TestTheCallbackIsDescribed(t *testing.T) {
	c := newContract(t)
	receiver := c.receives("message.created")
	callback, err := rest.NewCallback(receiver.URL, receiver.secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []supportbot.Message{
		{Seq: 2, From: supportbot.FromBot, Text: "哪个？", Choices: []supportbot.Choice{{Label: "一", Value: "1", Key: "1"}}, At: time.Now()},
		{Seq: 3, From: supportbot.FromAgent, Author: "李", Text: "您好", At: time.Now()},
	} {
		if err := callback.Send(t.Context(), supportbot.Address{Channel: supportbot.REST, Peer: "c"}, m, "key"); err != nil {
			t.Fatal(err)
		}
		receiver.checks()
	}
}

// TestWhatAnotherDeskIsToldIsDescribed takes a case through a turn of every kind of
// event.
func TestWhatAnotherDeskIsToldIsDescribed(t *testing.T) {
	c := newContract(t)
	receiver := c.receives("case.event")
	desk, err := feed.NewDesk(receiver.URL, receiver.secret)
	if err != nil {
		t.Fatal(err)
	}
	c.path.Feeds(func(supportbot.ThreadID) {})
	id, me := c.open("told"), bearer(c.operator)
	c.call(200, "POST", "/console/api/cases/"+id+"/claim", "", me...)
	c.call(200, "POST", "/api/v1/messages", `{"conversation":"told","id":"m9","text":"喂，在吗"}`, bearer(restKey)...)
	c.call(200, "POST", "/console/api/cases/"+id+"/outcome", `{"fence":2,"outcome":"failed","code":"no-case"}`, me...)
	thread, err := c.store.Thread(t.Context(), supportbot.Address{Channel: supportbot.REST, Peer: "told"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"case.opened", "case.changed", "case.message", "case.ended"} {
		d, err := c.store.Feed().Claim(t.Context(), thread.ID, time.Hour)
		if err == nil {
			err = errors.Join(desk.Send(t.Context(), d), c.store.Feed().Settle(t.Context(), d, delivery.Result{Status: delivery.Sent}))
		}
		if err != nil {
			t.Fatal(err)
		}
		receiver.checks()
		if !strings.HasPrefix(string(receiver.body), `{"type":"`+want+`"`) {
			t.Errorf("told was %s, want %s", receiver.body, want)
		}
	}
}

// webhookReceiver is another program that is posted to, and holds what comes to what is
// described.
type webhookReceiver struct {
	*contract
	*httptest.Server
	described *v3.Operation
	secret    string
	body      []byte // the last one
	header    http.Header
}

func (c *contract) receives(webhook string) *webhookReceiver {
	c.Helper()
	model, err := c.document.BuildV3Model()
	if err != nil {
		c.Fatal(err)
	}
	r := &webhookReceiver{contract: c, described: model.Model.Webhooks.GetOrZero(webhook).Post, secret: "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 32))}
	r.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		r.body, _ = io.ReadAll(request.Body)
		r.header = request.Header
	}))
	c.Cleanup(r.Close)
	return r
}

func (r *webhookReceiver) checks() {
	r.Helper()
	schema := r.described.RequestBody.Content.GetOrZero("application/json").Schema.Schema()
	_, problems := schema_validation.NewSchemaValidator(config.WithFormatAssertions()).ValidateSchemaBytes(schema, r.body)
	r.report(string(r.body), problems)
	for _, parameter := range r.described.Parameters {
		if r.header.Get(parameter.Name) == "" {
			r.Errorf("the header %s is missing", parameter.Name)
		}
	}
}
