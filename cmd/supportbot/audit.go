package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"supportbot"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Tell whether the audit log is as it was written; exit 1 and the first row that is not."`
	List   auditListCmd   `cmd:"" help:"List who did what, the oldest first."`
}

type auditVerifyCmd struct {
	Seen auditMark `help:"A mark that was printed before; it must still be in the log." placeholder:"ROW:HASH"`
}

// Run verifies. What it prints is worth keeping outside of the database: by
// itself, a log that was put back whole to an older state looks well.
func (cmd *auditVerifyCmd) Run(ctx context.Context, c *cli) error {
	s, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	var seen *supportbot.AuditState
	if cmd.Seen.Rows > 0 {
		seen = (*supportbot.AuditState)(&cmd.Seen)
	}
	state, err := s.VerifyAudit(ctx, seen)
	if err != nil {
		return err
	}
	if state.Broken != "" {
		return fmt.Errorf("audit: %s; up to row %d it is as it was written", state.Broken, state.Rows)
	}
	fmt.Printf("ok: %d rows\nmark: %s\n", state.Rows-state.Cut, auditMark(state))
	if state.Cut > 0 {
		fmt.Printf("It begins with row %d: what was before has been deleted by age.\n", state.Cut+1)
	}
	if seen == nil {
		fmt.Println("A log that was put back to an older state shows only beside a mark of before: keep this one elsewhere, for --seen.")
	}
	if c.AuditKey == "" {
		fmt.Println("The key is in the database: whoever can write there could have written any log. Keep it elsewhere with --audit-key.")
	}
	return nil
}

// auditMark names a row of the audit log and its hash: ROW:HASH.
type auditMark supportbot.AuditState

// String writes the mark as UnmarshalText reads it.
func (m auditMark) String() string { return fmt.Sprintf("%d:%x", m.Rows, m.Hash) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *auditMark) UnmarshalText(text []byte) error {
	row, hash, _ := strings.Cut(string(text), ":")
	_, err := fmt.Sscan(row, &m.Rows)
	if err == nil {
		m.Hash, err = hex.DecodeString(hash)
	}
	if err != nil || m.Rows < 1 || m.String() != string(text) {
		return fmt.Errorf("%q is not a mark as audit verify prints it, such as 17:0a1b…", text)
	}
	return nil
}

type auditListCmd struct {
	JSON  bool          `help:"One object a line." name:"json"`
	Since time.Duration `help:"Only what was done within this time, such as 24h." placeholder:"DURATION"`
}

// Run lists.
func (cmd *auditListCmd) Run(ctx context.Context, c *cli) error {
	s, err := c.openExisting(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	from := time.Time{}
	if cmd.Since > 0 {
		from = time.Now().Add(-cmd.Since)
	}
	out := json.NewEncoder(os.Stdout)
	for last := int64(0); ; {
		rows, err := s.AuditRows(ctx, last, 1000)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if last = r.Seq; r.At.Before(from) {
				continue
			}
			if cmd.JSON {
				err = out.Encode(r)
			} else {
				_, err = fmt.Println(auditLine(r))
			}
			if err != nil {
				return err
			}
		}
	}
}

// auditLine shows a row; names are quoted, since they may hold anything.
func auditLine(r supportbot.AuditRow) string {
	actor := "-"
	if r.Actor != "" {
		actor = fmt.Sprintf("%q", r.Actor)
	}
	line := fmt.Sprintf("%d %s %s %s %q", r.Seq, r.At.Format(time.RFC3339), actor, r.Action, r.Subject)
	for _, name := range slices.Sorted(maps.Keys(r.Details)) {
		line += fmt.Sprintf(" %s=%q", name, r.Details[name])
	}
	return line
}
