package rest

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"supportbot"
	"supportbot/channels"
)

const (
	pageSize  = 200
	maxWait   = 30 * time.Second
	pollEvery = time.Second // Watch only hints
	readTime  = 10 * time.Second

	readersAtOnce = 100 // of one conversation; each asks the database once a second
)

// list answers with the transcript after a sequence number, at most pageSize
// entries. While there are none it waits for as long as the client wants.
func (c *Channel) list(w http.ResponseWriter, r *http.Request) {
	conversation := r.PathValue("id")
	if err := checkName("conversation", conversation); err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	if wait := c.reads.Take(conversation); wait > 0 {
		c.tooMany(w, "reads", wait, "too many reads of this conversation; use wait, or come back after Retry-After seconds")
		return
	}
	if !c.waiting.Enter(conversation) {
		c.tooMany(w, "reads", time.Second, "too many readers of this conversation at once; one that waits is enough")
		return
	}
	defer c.waiting.Leave(conversation)
	after, err := number(r, "after")
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	seconds, err := number(r, "wait")
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	wait := maxWait
	if seconds < int64(maxWait/time.Second) {
		wait = time.Duration(seconds) * time.Second
	}
	// A server's write timeout, made for quick answers, must not cut the wait
	// short. Writers that know no deadline need none.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(wait + 2*readTime))

	messages, err := c.await(r.Context(), address(conversation), after, wait)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	status, err := c.status(r.Context(), address(conversation))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	answer := struct {
		Messages []entry             `json:"messages"`
		Case     *supportbot.CaseRef `json:"case"`
		Ended    bool                `json:"ended"`
	}{make([]entry, len(messages)), status.Case, status.Ended}
	for i, m := range messages {
		answer.Messages[i] = entry{m.Seq, m.From, m.Author, m.Text, choicesOf(m)}
	}
	writeJSON(w, http.StatusOK, answer)
}

// await returns the messages after seq, none if none come within wait.
func (c *Channel) await(ctx context.Context, at supportbot.Address, after int64, wait time.Duration) ([]supportbot.Message, error) {
	changed, stop := c.conv.Watch(at)
	defer stop()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	deadline := time.NewTimer(wait)
	defer deadline.Stop()
	for last := wait == 0; ; {
		messages, err := c.transcript(ctx, at, after)
		if err != nil || len(messages) > 0 || last {
			return messages, err
		}
		select {
		case <-changed:
		case <-poll.C:
		case <-deadline.C:
			last = true
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (c *Channel) transcript(ctx context.Context, at supportbot.Address, after int64) ([]supportbot.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	return c.conv.Messages(ctx, at, after, pageSize)
}

func (c *Channel) status(ctx context.Context, at supportbot.Address) (channels.Status, error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	return c.conv.Status(ctx, at)
}

// number reads a parameter of the query; 0 if it is missing.
func number(r *http.Request, name string) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s: must be a whole number from 0 up", name)
	}
	return n, nil
}
