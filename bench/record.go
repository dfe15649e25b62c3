package main

import (
	"context"
	"database/sql"
	"encoding/gob"
	"errors"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver
)

// recording is what the program writes for one conversation.
type recording struct {
	Schema []string   // statements
	Turns  [][]change // what each turn leaves changed
}

// change is a row that was inserted, updated or deleted.
type change struct {
	SQL   string
	Args  []any
	IDs   []int // which Args are the number of the conversation
	Place int   // which stands for its address; -1 for none
}

// record has the program hold one conversation and takes down, after each turn,
// which rows have changed and how.
func (b *bench) record(ctx context.Context) (r recording, err error) {
	server, err := b.serve(ctx, "recorded")
	if err != nil {
		return r, err
	}
	defer stopAll(server)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.dir, "recorded", "supportbot.db")+"?_pragma=busy_timeout(5000)&_pragma=query_only(1)")
	if err != nil {
		return r, err
	}
	defer db.Close()
	if r.Schema, err = column[string](ctx, db, `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'table' DESC`); err != nil {
		return r, err
	}
	tables, err := perConversation(ctx, db)
	if err != nil {
		return r, err
	}
	c, err := dial(ctx, server.addr)
	if err != nil {
		return r, err
	}
	defer c.close()
	const name = "load-0000000" // as long as those of a load
	before := make([]rows, len(tables))
	for turn := range b.flow {
		if _, _, err := c.say(b.flow, name, turn); err != nil {
			return r, err
		}
		var changed []change
		for i, t := range tables {
			now, err := t.read(ctx, db)
			if err != nil {
				return r, err
			}
			changed = append(changed, t.changes(before[i], now)...)
			before[i] = now
		}
		r.Turns = append(r.Turns, changed)
	}
	return r, nil
}

func (r recording) save(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	return errors.Join(gob.NewEncoder(f).Encode(r), f.Close())
}

func readRecording(file string) (r recording, err error) {
	f, err := os.Open(file)
	if err != nil {
		return r, err
	}
	err = gob.NewDecoder(f).Decode(&r)
	return r, errors.Join(err, f.Close())
}
