package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"supportbot"
)

// crash kills the server in the middle of the load, starts it again, and looks
// for every turn that was acknowledged.
func (b *bench) crash(ctx context.Context) error {
	server, err := b.serve(ctx, "crash")
	if err != nil {
		return err
	}
	defer func() { stopAll(server) }()
	window := pick(b, 3*time.Second, time.Second)
	failed := make(chan error, 1)
	time.AfterFunc(window, func() { failed <- server.kill() })
	h := load{flow: b.flow, addrs: []string{server.addr}, persons: goalCrowd, turns: len(b.flow), name: "load"}.run(ctx, 0, 2*window)
	if err := <-failed; err != nil {
		return err
	}
	if h.wrong > 0 {
		return fmt.Errorf("supportbot gave %d wrong answers before it was killed", h.wrong)
	}
	if server, err = b.serve(ctx, "crash"); err != nil {
		return err
	}
	c, err := dial(ctx, server.addr)
	if err != nil {
		return err
	}
	defer c.close()
	turns, lost := 0, 0
	for name, acknowledged := range h.kept {
		found, err := c.turnsOf(name)
		if err != nil {
			return err
		}
		turns += acknowledged
		lost += max(0, acknowledged-found)
	}
	fmt.Printf("\nThe server was killed with SIGKILL while %d persons wrote to it: of %d acknowledged turns in %d conversations %d were lost.\n", goalCrowd, turns, len(h.kept), lost)
	b.goal(lost == 0 && turns > 0, "%d of %d acknowledged turns were lost in a crash; none", lost, turns)
	return nil
}

// turnsOf counts the messages of a person that are in the transcript.
func (c *client) turnsOf(conversation string) (int, error) {
	status, body, err := c.request(http.MethodGet, "/api/v1/conversations/"+conversation+"/messages", restKey, nil)
	if err != nil {
		return 0, err
	}
	if status != http.StatusOK {
		return 0, fmt.Errorf("the transcript of %s: status %d: %s", conversation, status, body)
	}
	var transcript struct {
		Messages []struct {
			From supportbot.Sender `json:"from"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(body, &transcript); err != nil {
		return 0, err
	}
	turns := 0
	for _, m := range transcript.Messages {
		if m.From == supportbot.FromUser {
			turns++
		}
	}
	return turns, nil
}
