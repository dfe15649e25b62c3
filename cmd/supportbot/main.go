// Command supportbot runs the bot, and the tools of those who write its content.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is the command line. Every flag may also be set in the environment as
// SUPPORTBOT_NAME, or in the YAML file that --config names; the command line
// comes first, then the environment, then the file.
type cli struct {
	Config   kong.ConfigFlag `help:"YAML file with further settings." placeholder:"FILE" env:"SUPPORTBOT_CONFIG"`
	Data     string          `help:"Directory of the database (serve and agent: ./data unless set)." placeholder:"DIR" env:"SUPPORTBOT_DATA"`
	Database string          `help:"PostgreSQL instead of that directory, such as postgres://bot@db.example.com/supportbot." placeholder:"URL" env:"SUPPORTBOT_DATABASE"`
	KeyFile  string          `help:"The key that seals what people say (unless set: supportbot.key in the directory of --data, made at the first start)." placeholder:"FILE" env:"SUPPORTBOT_KEY_FILE"`
	Key      string          `help:"The base64 of a key file instead, best given in the environment." placeholder:"BASE64" env:"SUPPORTBOT_KEY"`
	Content  string          `help:"Content folder instead of the content built in." placeholder:"DIR" env:"SUPPORTBOT_CONTENT"`
	Readers  string          `help:"Where trained readers are kept, so that a start need not train (unless set: readers in the directory of --data)." placeholder:"DIR" env:"SUPPORTBOT_READERS"`

	AuditKey string `help:"Key of the audit log, from the first start on; without it one in the database, which shows no change by whoever can write there." placeholder:"KEY" env:"SUPPORTBOT_AUDIT_KEY"`

	Serve   serveCmd   `cmd:"" help:"Serve everything: web chat, REST, console."`
	Doctor  doctorCmd  `cmd:"" help:"See whether Twilio reaches this server and this server Twilio; with --apply, set what is missing there."`
	Migrate migrateCmd `cmd:"" help:"Bring the schema of the database up to date, as serve does when it starts."`
	Backup  backupCmd  `cmd:"" help:"Copy the database into a file, also while a server works on it."`
	Restore restoreCmd `cmd:"" help:"Put a backup into an empty database, of either kind, while no server works on it."`
	Move    moveCmd    `cmd:"" help:"Move the database of --data to PostgreSQL, while no server works on it."`
	Export  exportCmd  `cmd:"" help:"Write all that is kept of a person as JSON."`
	Erase   eraseCmd   `cmd:"" help:"Erase all that is kept of a person, also while servers run."`
	Check   checkCmd   `cmd:"" help:"Load content and prove its properties."`
	Ask     askCmd     `cmd:"" help:"Understand one message, or a batch, without a conversation."`
	Chat    chatCmd    `cmd:"" help:"Hold one conversation in the terminal."`
	Call    callCmd    `cmd:"" help:"A telephone in the terminal: call a running server."`
	Text    textCmd    `cmd:"" help:"The same by SMS or WhatsApp: write to a running server that has no account."`
	Test    testCmd    `cmd:"" help:"Run transcripts and report which steps they cover."`
	Explore exploreCmd `cmd:"" help:"Walk over all flows at random and see whether what must always hold does."`
	Replay  replayCmd  `cmd:"" help:"Replay logged conversations to the same bytes or, with --content, show what other content would say."`
	Eval    evalCmd    `cmd:"" help:"Measure how well messages are understood: the content's validation, or a file."`
	Learn   learnCmd   `cmd:"" help:"List what people said that was not understood, put together by likeness, or make phrases of it."`
	Mask    maskCmd    `cmd:"" help:"Mask secrets in standard input, as every channel does."`
	Agent   agentCmd   `cmd:"" help:"The agents: add, list, remove; their passwords, roles, second factors and API tokens."`
	Audit   auditCmd   `cmd:"" help:"The audit log: see whether it is as it was written, or list it."`
	Keys    keyCmd     `cmd:"" name:"key" help:"The key that seals what people say: its state, a new one."`
	Outbox  outboxCmd  `cmd:"" help:"Replies that could not be sent: list them, try again, drop them."`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "supportbot:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	parser, err := kong.New(&c,
		kong.Name("supportbot"),
		kong.Description("A support bot for merchants with POS terminals."),
		kong.Configuration(configFile),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return command.Run(&c)
}
