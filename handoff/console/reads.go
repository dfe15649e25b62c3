package console

import (
	"context"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"supportbot"
	"supportbot/handoff"
)

// An open page fetches a case anew whenever something changes. The audit log is
// told once in so long a time that somebody reads a case, of so many reads.
const (
	readAgain = time.Hour
	readsKept = 10_000
)

// reads are the cases that agents have opened lately. It is safe for concurrent use.
type reads struct {
	told *lru.Cache[reading, time.Time]
}

type reading struct{ agent, id string }

func newReads() reads {
	told, err := lru.New[reading, time.Time](readsKept)
	if err != nil {
		panic(err) // only a size below 1 is refused
	}
	return reads{told}
}

// noteRead tells the audit log, before the case is shown, that somebody reads one
// that is not theirs.
func (c *Console) noteRead(ctx context.Context, agent handoff.Agent, one supportbot.Case) error {
	if one.Owner == agent.Name {
		return nil
	}
	key, now := reading{agent.Name, one.ID}, time.Now()
	if last, known := c.reads.told.Get(key); known && now.Sub(last) < readAgain {
		return nil
	}
	act := supportbot.Audited{Actor: agent.Name, Action: supportbot.CaseRead, Subject: one.ID, Details: map[string]string{"state": string(one.State)}}
	if err := c.accounts.Audit(ctx, act); err != nil {
		return err
	}
	c.reads.told.Add(key, now)
	return nil
}
