package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"supportbot"
	"supportbot/internal/store"
)

// days is a time in whole days, written as 180d.
type days int

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *days) UnmarshalText(text []byte) error {
	var n int
	_, err := fmt.Sscanf(string(text), "%dd", &n)
	if err != nil || n < 0 || fmt.Sprintf("%dd", n) != string(text) {
		return fmt.Errorf("%q is no number of days, such as 180d", text)
	}
	*d = days(n)
	return nil
}

// String writes what UnmarshalText reads.
func (d days) String() string { return fmt.Sprintf("%dd", int(d)) }

// One page of conversations is looked at in every pause.
const (
	keepPage  = 100
	keepPause = 10 * time.Second
)

// forgetOld erases conversations in which nothing has come in for so long, a few at
// a time, until ctx ends.
func forgetOld(ctx context.Context, s *store.Store, keep days, log *slog.Logger) {
	if keep == 0 {
		return
	}
	tick := time.NewTicker(keepPause)
	defer tick.Stop()
	for next, erased := supportbot.ThreadID(0), 0; ; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		n := 0
		var err error
		next, n, err = s.EraseOld(ctx, next, time.Duration(keep)*24*time.Hour, keepPage)
		erased += n
		if err == nil && next == 0 && erased > 0 { // once around
			log.Info("erased by age", slog.Int("conversations", erased), slog.String("keep", keep.String()))
			erased, err = 0, s.Scrub(ctx)
		}
		if err != nil && ctx.Err() == nil {
			log.Error("erasing what is old failed, will try again", slog.Any("error", err))
		}
	}
}
