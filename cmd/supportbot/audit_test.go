package main

import (
	"strings"
	"testing"
	"time"

	"supportbot/internal/store/pgtest"
)

// What an operator does with agents stands in the audit log, and the log shows
// that it is whole.
func TestAgentsAndTheAuditLog(t *testing.T) {
	for name, at := range map[string][2]string{
		"SQLite":     {"--data", t.TempDir()},
		"PostgreSQL": {"--database", pgtest.Database(t)},
	} {
		t.Run(name, func(t *testing.T) {
			run := func(args ...string) string {
				t.Helper()
				out, err := command(t, "", append(args, at[0], at[1])...)
				if err != nil {
					t.Fatalf("%v: %v", args, err)
				}
				return out
			}
			if out := run("agent", "add", "Lin"); !strings.Contains(out, "password: ") {
				t.Errorf("added: %s", out)
			}
			if out := run("agent", "password", "Lin"); !strings.Contains(out, "password: ") {
				t.Errorf("a new password: %s", out)
			}
			run("agent", "role", "Lin", "supervisor")
			run("agent", "totp-reset", "Lin")
			if token := run("agent", "token", "Lin"); !strings.HasPrefix(token, "sb_") {
				t.Errorf("token %s", token)
			}
			id, rest, _ := strings.Cut(run("agent", "tokens"), "\t")
			in90 := time.Now().AddDate(0, 0, 90).Format(time.DateOnly)
			if !strings.HasPrefix(rest, "Lin\tmade ") || !strings.Contains(rest, "\tends "+in90) || !strings.HasSuffix(rest, "never used\n") {
				t.Errorf("token %s is %s", id, rest)
			}
			run("agent", "revoke", id)
			run("agent", "token", "Lin", "--expires", "never")
			id, rest, _ = strings.Cut(run("agent", "tokens"), "\t")
			if !strings.Contains(rest, "\tnever ends\t") {
				t.Errorf("token %s is %s", id, rest)
			}
			run("agent", "revoke", id)
			if out := run("agent", "list"); out != "Lin\tsupervisor\tno second factor\tpassword\n" {
				t.Errorf("agents: %s", out)
			}
			run("agent", "remove", "Lin")
			if out := run("agent", "list") + run("agent", "tokens"); out != "" {
				t.Errorf("after the agent was removed: %s", out)
			}

			var acts []string
			for _, r := range jsonLines(t, run("audit", "list", "--json", "--since", "1h")) {
				acts = append(acts, r["action"].(string))
			}
			if got := strings.Join(acts, " "); got != "agent-added password-changed role-changed second-factor-off token-made token-revoked token-made token-revoked agent-removed" {
				t.Errorf("audited: %s", got)
			}
			if out := run("audit", "list"); !strings.Contains(out, `"`+operator()+`" role-changed "Lin" role="supervisor"`) {
				t.Errorf("audited: %s", out)
			}
			_, mark, _ := strings.Cut(run("audit", "verify"), "mark: ")
			mark, _, _ = strings.Cut(mark, "\n")
			run("agent", "add", "Wei")
			run("audit", "verify", "--seen", mark)

			for _, args := range [][]string{
				{"audit", "verify", "--seen", "99" + mark[1:]},
				{"audit", "verify", "--audit-key", strings.Repeat("k", 32)},
				{"audit", "verify", "--audit-key", "short"},
				{"audit", "verify", "--seen", "made-up"},
				{"agent", "remove", "Lin"}, {"agent", "role", "Lin", "admin"}, {"agent", "password", "Lin"},
				{"agent", "totp-reset", "Lin"}, {"agent", "token", "Lin"}, {"agent", "revoke", id},
				{"agent", "token", "Wei", "--expires", "0d"}, {"agent", "token", "Wei", "--expires", "soon"},
			} {
				if out, err := command(t, "", append(args, at[0], at[1])...); err == nil {
					t.Errorf("%v: %s", args, out)
				}
			}
		})
	}
}
