package main

import (
	"path/filepath"
	"strings"
	"testing"

	"supportbot/internal/store/pgtest"
)

// migrated is a directory with an empty database.
func migrated(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := command(t, "", "migrate", "--data", dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestTheDatabaseFlag(t *testing.T) {
	url := pgtest.Database(t)
	for name, c := range map[string]struct {
		args []string
		want string // in the output or the error
		not  string
	}{
		"migrate PostgreSQL":   {[]string{"migrate", "--database", url}, "the schema is version ", ""},
		"migrate a directory":  {[]string{"migrate", "--data", t.TempDir()}, "the schema is version ", ""},
		"no URL":               {[]string{"serve", "--listen", "127.0.0.1:0", "--database", "/var/lib/bot"}, "a directory is named by --data", ""},
		"nobody answers":       {[]string{"serve", "--listen", "127.0.0.1:0", "--database", "postgres://bot:hunter2@127.0.0.1:1/bot"}, "reach PostgreSQL", "hunter2"},
		"backup of nothing":    {[]string{"backup", "b.db", "--data", t.TempDir()}, "there is no database in ", ""},
		"backup, nobody":       {[]string{"backup", filepath.Join(t.TempDir(), "b.db"), "--database", "postgres://bot:hunter2@127.0.0.1:1/bot"}, "reach PostgreSQL", "hunter2"},
		"backup, not migrated": {[]string{"backup", filepath.Join(t.TempDir(), "b.db"), "--database", pgtest.Database(t)}, "holds no supportbot", ""},
		"restore of nothing":   {[]string{"restore", "b.db", "--data", t.TempDir()}, "no such file", ""},
		"move to a directory":  {[]string{"move", "--to", "/var/lib/bot", "--data", t.TempDir()}, "--to must be a URL", ""},
		"move from PostgreSQL": {[]string{"move", "--to", url, "--database", url}, "leave --database", ""},
		"move, nobody":         {[]string{"move", "--to", "postgres://bot:hunter2@127.0.0.1:1/bot", "--data", migrated(t)}, "reach PostgreSQL", "hunter2"},
		"settings": {[]string{"serve", "--print-config", "--database", "postgres://bot:hunter2@db/bot?pool_max_conns=9"},
			`database: "postgres://bot:xxxxx@db/bot?pool_max_conns=9"`, "hunter2"},
		"settings, password at the end": {[]string{"serve", "--print-config", "--database", "postgres://db/bot?password=hunter2"},
			`database: "postgres://db/bot?password=xxxxx"`, "hunter2"},
		"agents are in it": {[]string{"agent", "token", "nobody", "--database", url}, "supportbot agent add nobody", ""},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := command(t, "", c.args...)
			if err != nil {
				_, said, _ := strings.Cut(err.Error(), "\n") // after the command line, which names the password
				out += said
			}
			if !strings.Contains(out, c.want) || c.not != "" && strings.Contains(out, c.not) {
				t.Errorf("said %q; want %q in it, and not %q", out, c.want, c.not)
			}
		})
	}
}
