package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"supportbot/channels"
	"supportbot/channels/rest"
	"supportbot/channels/webchat"
	"supportbot/handoff"
	"supportbot/handoff/console"
	"supportbot/internal/store"
	"supportbot/internal/turn"
)

type serveCmd struct {
	Listen         string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"SUPPORTBOT_LISTEN"`
	PublicURL      string   `help:"How the world reaches this server, such as https://bot.example.com; https makes cookies secure." placeholder:"URL" env:"SUPPORTBOT_PUBLIC_URL"`
	AllowedOrigins []string `help:"Other sites that may embed the chat, such as https://shop.example.com." placeholder:"ORIGIN" env:"SUPPORTBOT_ALLOWED_ORIGINS"`
	AdminPassword  string   `help:"Password of the first admin; made and printed once if not given." placeholder:"PASSWORD" env:"SUPPORTBOT_ADMIN_PASSWORD"`
	RESTKey        string   `help:"Bearer key of the REST channel; without one it is off." name:"rest-key" placeholder:"KEY" env:"SUPPORTBOT_REST_KEY"`
	Watch          bool     `help:"Put good changes of the --content folder in force at once; without it they are published on the console." env:"SUPPORTBOT_WATCH"`
	PrintConfig    bool     `help:"Show the settings in force, secrets masked, and stop."`
}

// secretDigest names the key of the digests by which repeated requests are
// told from changed ones.
const secretDigest = "request-digest"

// shutdownLimit is how long open requests may take when the server stops.
const shutdownLimit = 10 * time.Second

// Run serves until the process is told to stop.
func (cmd *serveCmd) Run(ctx context.Context, c *cli) error {
	if cmd.PrintConfig {
		return cmd.printConfig(c)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	begun := time.Now()

	if err := cmd.check(); err != nil {
		return err
	}
	var network net.ListenConfig
	listener, err := network.Listen(ctx, "tcp", cmd.Listen)
	if err != nil {
		return fmt.Errorf("serve: %w; choose another address with --listen", err)
	}
	defer listener.Close()
	s, err := store.Open(ctx, c.dataDir())
	if err != nil {
		return err
	}
	defer s.Close()
	if err := cmd.firstAdmin(ctx, s); err != nil {
		return err
	}
	key, err := s.Secret(ctx, secretDigest)
	if err != nil {
		return err
	}
	from := source(c.Content, cmd.Watch)
	content, notice, err := openLibrary(ctx, s, from, log)
	if err != nil {
		return err
	}
	inForce, err := content.For(ctx, "")
	if err != nil {
		return err
	}
	path := turn.New(s, key, content, log)
	path.Warn(notice)

	open, closeAll := context.WithCancel(context.WithoutCancel(ctx))
	server := &http.Server{
		BaseContext:       func(net.Listener) context.Context { return open }, // chats end with it
		Handler:           cmd.routes(path, shelf{content}, s, log),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute, // longer than a long poll may wait; websockets have limits of their own
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	var running sync.WaitGroup
	defer running.Wait() // before the database is closed
	defer closeAll()
	running.Go(func() { path.Run(open) })
	running.Go(func() { content.Follow(open, from, path.Warn) })

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	log.Info("ready", "url", "http://"+listener.Addr().String(), "console", "http://"+listener.Addr().String()+"/console/",
		"content", inForce.Book.Version, "after", time.Since(begun).Round(time.Millisecond))

	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping", "limit", shutdownLimit)
	closeAll()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownLimit)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return fmt.Errorf("serve: stop: %w", err)
	}
	return nil
}

// check refuses settings that could not work.
func (cmd *serveCmd) check() error {
	site := func(setting, value string) error {
		u, err := url.Parse(value)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Path != "" {
			return fmt.Errorf("%s %q must be scheme and host, such as https://bot.example.com, without a path", setting, value)
		}
		return nil
	}
	if cmd.PublicURL != "" {
		if err := site("--public-url", cmd.PublicURL); err != nil {
			return err
		}
	}
	for _, origin := range cmd.AllowedOrigins {
		if err := site("--allowed-origins", origin); err != nil {
			return err
		}
	}
	if cmd.AdminPassword != "" && len(cmd.AdminPassword) < minPassword {
		return fmt.Errorf("--admin-password needs %d characters at least", minPassword)
	}
	return nil
}

// firstAdmin makes the first agent, so that somebody can log in at all.
func (cmd *serveCmd) firstAdmin(ctx context.Context, s *store.SQLite) error {
	agents, err := s.Agents(ctx)
	if err != nil || len(agents) > 0 {
		return err
	}
	password := cmd.AdminPassword
	if password == "" {
		password = rand.Text()
		fmt.Printf("The console's first log-in is admin with the password %s (shown only now).\n", password)
	}
	return s.AddAgent(ctx, handoff.Agent{Name: "admin", Role: handoff.RoleAdmin, Password: handoff.HashPassword(password)})
}

// routes ties the channels and the console to their paths.
func (cmd *serveCmd) routes(path *turn.Path, content console.Library, s *store.SQLite, log *slog.Logger) http.Handler {
	if cmd.RESTKey == "" {
		log.Info("the REST channel is off; set SUPPORTBOT_REST_KEY to switch it on")
	}
	mux := http.NewServeMux()
	var routes []channels.Route
	routes = append(routes, webchat.New(path, webchat.Options{AllowedOrigins: cmd.AllowedOrigins, Log: log}).Routes()...)
	routes = append(routes, rest.New(path, rest.Options{Key: cmd.RESTKey, Log: log}).Routes()...)
	routes = append(routes, console.New(path, s, console.Options{Library: content, Sessions: s.Sessions(), Secure: strings.HasPrefix(cmd.PublicURL, "https:"), Log: log}).Routes()...)
	for _, r := range routes {
		mux.Handle(r.Pattern, r.Handler)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := s.Ready(r.Context()); err != nil {
			log.Error("not ready", "error", err)
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	return mux
}

// printConfig shows what is in force; a secret shows only that it is set.
func (cmd *serveCmd) printConfig(c *cli) error {
	secret := func(value string) string {
		if value == "" {
			return ""
		}
		return "********"
	}
	for _, setting := range [][2]string{
		{"data", c.dataDir()}, {"content", c.Content}, {"listen", cmd.Listen}, {"public_url", cmd.PublicURL},
		{"watch", fmt.Sprint(cmd.Watch)}, {"allowed_origins", strings.Join(cmd.AllowedOrigins, ",")},
		{"admin_password", secret(cmd.AdminPassword)}, {"rest_key", secret(cmd.RESTKey)},
	} {
		if _, err := fmt.Printf("%s: %q\n", setting[0], setting[1]); err != nil {
			return err
		}
	}
	return nil
}
