package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	_ "time/tzdata" // --time-zone, where the machine has no list of zones

	"supportbot"
	"supportbot/channels"
	"supportbot/channels/rest"
	"supportbot/channels/throttle"
	"supportbot/channels/webchat"
	"supportbot/handoff"
	"supportbot/handoff/console"
	"supportbot/internal/api"
	"supportbot/internal/learn"
	"supportbot/internal/privacy"
	"supportbot/internal/store"
	"supportbot/internal/telemetry"
	"supportbot/internal/turn"
	"supportbot/kb/openai"
)

type serveCmd struct {
	Listen             string        `help:"Address to listen on." default:"127.0.0.1:8080" env:"SUPPORTBOT_LISTEN"`
	PublicURL          string        `help:"How the world reaches this server, such as https://bot.example.com; https makes cookies secure." placeholder:"URL" env:"SUPPORTBOT_PUBLIC_URL"`
	AllowedOrigins     []string      `help:"Other sites that may embed the chat, such as https://shop.example.com." placeholder:"ORIGIN" env:"SUPPORTBOT_ALLOWED_ORIGINS"`
	AdminPassword      string        `help:"Password of the first admin; made and printed once if not given." placeholder:"PASSWORD" env:"SUPPORTBOT_ADMIN_PASSWORD"`
	RequireTOTP        bool          `help:"Agents need a second factor to log in, or set one up first. API tokens, which only an operator makes, need none." name:"require-totp" env:"SUPPORTBOT_REQUIRE_TOTP"`
	RESTKey            string        `help:"Bearer key of the REST channel; without one it is off." name:"rest-key" placeholder:"KEY" env:"SUPPORTBOT_REST_KEY"`
	RESTCallback       string        `help:"Where every reply on the REST channel is posted, such as https://shop.example.com/bot; without it replies are only fetched." name:"rest-callback" placeholder:"URL" env:"SUPPORTBOT_REST_CALLBACK"`
	RESTCallbackSecret string        `help:"Key that signs what is posted: whsec_ and the base64 of 24 to 64 random bytes." name:"rest-callback-secret" placeholder:"SECRET" env:"SUPPORTBOT_REST_CALLBACK_SECRET"`
	Watch              bool          `help:"Put good changes of the --content folder in force at once; without it they are published on the console." env:"SUPPORTBOT_WATCH"`
	Drain              time.Duration `help:"How long to go on after being told to stop, with /readyz saying 503, so that a load balancer can look elsewhere." default:"0s" env:"SUPPORTBOT_DRAIN"`
	MetricsListen      string        `help:"Address for /metrics alone, such as 127.0.0.1:9090, where the public does not come; without one it is on the main address." placeholder:"ADDR" env:"SUPPORTBOT_METRICS_LISTEN"`
	TimeZone           string        `help:"In which reports count days, such as Asia/Shanghai; unless set, that of the machine (TZ)." default:"Local" env:"SUPPORTBOT_TIME_ZONE"`
	AnswerChat         time.Duration `help:"Within what time an agent ought to take a case from a chat; reports say how many were." default:"60s" env:"SUPPORTBOT_ANSWER_CHAT"`
	AnswerPhone        time.Duration `help:"The same of a call." default:"20s" env:"SUPPORTBOT_ANSWER_PHONE"`
	Keep               ages          `help:"How long each kind of data is kept: transcripts after the last message, closed cases, what was not understood, the audit log, what is known of sent messages, content out of use. 0d is for ever; an age alone is that of transcripts and cases." default:"transcripts=180d" placeholder:"KIND=AGE,…" env:"SUPPORTBOT_KEEP"`
	PrintConfig        bool          `help:"Show the settings in force, secrets masked, and stop."`

	telegramFlags
	twilioFlags
	phoneFlags
	oidcFlags
	emailFlags
	referenceFlags
	deskFlags
	openaiFlags
	embeddingsFlags
	limitFlags
	telemetryFlags
}

// secretDigest names the key of the digests by which repeated requests are
// told from changed ones.
const secretDigest = "request-digest"

// secretCookies names the key that signs the console's cookies.
const secretCookies = "console-cookies"

// shutdownLimit is how long open requests may take when the server stops.
const shutdownLimit = 10 * time.Second

// Run serves until the process is told to stop.
func (cmd *serveCmd) Run(ctx context.Context, c *cli) error {
	if cmd.PrintConfig {
		return cmd.printConfig(c)
	}
	log := cmd.log()
	slog.SetDefault(log)
	begun := time.Now()
	tune(!store.IsURL(c.Database))

	if err := cmd.check(); err != nil {
		return err
	}
	var network net.ListenConfig
	listener, err := network.Listen(ctx, "tcp", cmd.Listen)
	if err != nil {
		return cannotListen("--listen", err)
	}
	defer listener.Close()
	stopTraces, err := cmd.trace(ctx, log)
	if err != nil {
		return err
	}
	defer stopTraces()
	s, err := c.openStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := cmd.firstAdmin(ctx, s); err != nil {
		return err
	}
	s.Operator("") // from now on agents act, and strangers
	key, err := s.Secret(ctx, secretDigest)
	if err != nil {
		return err
	}
	cookies, err := s.Secret(ctx, secretCookies)
	if err != nil {
		return err
	}
	embedder := cmd.embedder(cmd.openai().Limits, s, c.readers(), log)
	train := taught(trainedIn(c.readers(), log), embedder)
	from := source(c.Content, cmd.Watch, train)
	content, notice, err := openLibrary(ctx, s, from, train, log)
	if err != nil {
		return err
	}
	path := turn.New(s, key, content, log)
	path.Warn(notice)
	model := cmd.model(s, log)
	if model != nil || embedder != nil {
		path.Ask(second{embedder, model})
	}
	conv := throttle.Turns(path, int(cmd.LimitTurns), func() { telemetry.Refused("turns") })
	telegram, err := cmd.telegram(conv, s, log)
	if err != nil {
		return err
	}
	defer path.Stop() // before the database is closed; the server itself does not wait for chats

	var stopping atomic.Bool
	version := func() string { return content.InForce().Book.Version }
	metrics := metricsRoute(path, s, version, log)
	if cmd.MetricsListen != "" {
		stop, err := serveMetrics(ctx, cmd.MetricsListen, metrics, log)
		if err != nil {
			return err
		}
		defer stop()
	}

	telephone, err := cmd.phone(throttle.Turns(path, int(cmd.LimitTurns), func() { telemetry.Refused("turns") }), path, s, cmd.twilio(cmd.PublicURL), listener.Addr(), c.dataDir(), log)
	if err != nil {
		return err
	}
	loops, err := cmd.deliveries(path, s, telegram, telephone.texts, log)
	if err != nil {
		return err
	}

	known, file, err := cmd.reference(log)
	if err != nil {
		return err
	}
	hooks, err := cmd.hooks()
	if err != nil {
		return err
	}
	open, closeAll := context.WithCancel(context.WithoutCancel(ctx))
	lessons := learn.Lessons{Store: s, Reader: shelf{content}.reader}
	desk := cmd.desk(path, shelf{content}, lessons, shelf{content}, known, hooks, telephone.phones(), s, model, cookies, log)
	routes := append(cmd.routes(open, conv, s, telephone.pad, &stopping, log), desk.Routes()...)
	if telegram != nil {
		routes = append(routes, telegram.Routes()...)
	}
	routes = append(routes, telephone.routes...)
	messages := cmd.messages(telephone.texts, conv, s, log)
	if messages != nil {
		routes = append(routes, messages.Routes()...)
	}
	if cmd.MetricsListen == "" {
		routes = append(routes, metrics)
	}
	server := &http.Server{
		BaseContext:       func(net.Listener) context.Context { return open }, // what only waits for news ends with it
		Handler:           cmd.unnamedProxy(handler(routes, log), log),
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
	if embedder != nil {
		running.Go(func() { embedder.Run(open) })
	}
	running.Go(func() { desk.Run(open) })
	if file != nil {
		running.Go(func() { file.Run(open) })
	}
	if telephone.board != nil {
		running.Go(func() { telephone.board.Run(open) })
	}
	if messages != nil {
		running.Go(func() { messages.Run(open) })
	}
	running.Go(func() { cutOld(open, s, cmd.Keep, log) })
	if telegram != nil {
		running.Go(func() { telegram.Run(open) })
	}
	for _, loop := range loops {
		running.Go(func() { loop.Run(open) })
	}
	running.Go(func() { content.Follow(open, from, path.Warn) })

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	log.Info("ready", "url", "http://"+listener.Addr().String(), "console", "http://"+listener.Addr().String()+"/console/",
		"content", version(), "after", time.Since(begun).Round(time.Millisecond))

	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping", "drain", cmd.Drain, "limit", shutdownLimit)
	stopping.Store(true)
	time.Sleep(cmd.Drain)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownLimit)
	defer cancel()
	if err := shutDown(ctx, server, closeAll); err != nil {
		return fmt.Errorf("serve: stop: %w", err)
	}
	return nil
}

// requestLimit is how long a request may still take before those that only wait
// for news are ended, and all chats.
const requestLimit = time.Second

// shutDown takes no new connections, and ends those that are idle now, soon.
func shutDown(ctx context.Context, server *http.Server, closeAll func()) error {
	ended := time.AfterFunc(requestLimit, closeAll)
	defer ended.Stop()
	defer closeAll()
	return server.Shutdown(ctx)
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
	if _, err := time.LoadLocation(cmd.TimeZone); err != nil {
		return fmt.Errorf("--time-zone %q is no time zone such as Asia/Shanghai: %w", cmd.TimeZone, err)
	}
	if _, err := cmd.restCallback(); err != nil {
		return err
	}
	if _, err := cmd.otherDesk(); err != nil {
		return err
	}
	if err := cmd.telegramOptions(cmd.PublicURL, nil).Check(); err != nil {
		return err
	}
	if err := cmd.twilio(cmd.PublicURL).Check(); err != nil {
		return err
	}
	if err := errors.Join(cmd.checkModel(), cmd.checkEmbeddings(), cmd.checkOIDC(cmd.PublicURL), cmd.email(cmd.PublicURL, cmd.AllowedOrigins).Check()); err != nil {
		return err
	}
	if cmd.AdminPassword != "" && len(cmd.AdminPassword) < handoff.MinPassword {
		return fmt.Errorf("--admin-password needs %d characters at least", handoff.MinPassword)
	}
	return nil
}

// firstAdmin makes the first agent, so that somebody can log in at all.
func (cmd *serveCmd) firstAdmin(ctx context.Context, s *store.Store) error {
	agents, err := s.Agents(ctx)
	if err != nil || len(agents) > 0 {
		return err
	}
	password := cmd.AdminPassword
	if password == "" {
		password = rand.Text()
	}
	err = s.AddAgent(ctx, handoff.Agent{Name: "admin", Role: handoff.RoleAdmin, Password: handoff.HashPassword(password)})
	if errors.Is(err, supportbot.ErrInvalid) {
		return nil // another process was quicker
	}
	if err == nil && cmd.AdminPassword == "" {
		fmt.Printf("The console's first log-in is admin with the password %s (shown only now).\n", password)
	}
	return err
}

// routes lists what the server answers beside the console and its metrics. Chats
// end with open. pad is the page of a telephone, "" if there is none.
func (cmd *serveCmd) routes(open context.Context, conv channels.Conversations, s *store.Store, pad string, stopping *atomic.Bool, log *slog.Logger) (routes []channels.Route) {
	if cmd.RESTKey == "" {
		log.Info("the REST channel is off; set SUPPORTBOT_REST_KEY to switch it on")
	}
	routes = append(routes, webchat.New(conv, webchat.Options{Context: open, AllowedOrigins: cmd.AllowedOrigins, Phone: pad, Seen: cmd.seen(s), Limits: cmd.chat(), Log: log}).Routes()...)
	routes = append(routes, rest.New(conv, rest.Options{
		Key: cmd.RESTKey, Limits: cmd.rest(), Client: throttle.Proxies(cmd.TrustedProxies).Client, Refused: telemetry.Refused, Log: log,
	}).Routes()...)
	return append(routes,
		channels.Route{Pattern: "GET /api/openapi.yaml", Handler: http.HandlerFunc(api.Serve)},
		channels.Route{Pattern: "GET /healthz", Handler: http.HandlerFunc(healthz)},
		channels.Route{Pattern: "GET /readyz", Handler: readyz(s, stopping, log)},
	)
}

// zone is that of --time-zone, which has been checked.
func (cmd *serveCmd) zone() *time.Location {
	zone, err := time.LoadLocation(cmd.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// desk makes the console.
func (cmd *serveCmd) desk(path *turn.Path, content console.Library, lessons console.Lessons, knowledge console.Knowledge, known console.Reference, hooks console.Hooks, phones console.Phones, s *store.Store, model *openai.Client, cookies []byte, log *slog.Logger) *console.Console {
	options := console.Options{
		Reports: s, Passages: (&passages{store: s, log: log}).of, Zone: cmd.zone(), Promise: handoff.Promise{Chat: cmd.AnswerChat, Phone: cmd.AnswerPhone},
		Mask: maskWritten, Papers: s, Knowledge: knowledge, Texts: cmd.texts(s), Hooks: hooks, Phones: phones, Pictures: s,
		Library: content, Lessons: lessons, Reference: known, Sessions: s.Sessions(), Key: cookies, Client: throttle.Proxies(cmd.TrustedProxies).Client,
		Secure: strings.HasPrefix(cmd.PublicURL, "https:"), RequireTOTP: cmd.RequireTOTP,
		Provider: cmd.provider(cmd.PublicURL), OIDCOnly: cmd.OIDCOnly, BreakGlass: cmd.OIDCBreakGlass,
		WrongTokens: int(cmd.LimitKeys), Refused: telemetry.Refused, Log: log,
	}
	if model != nil {
		options.Assistant = model
	}
	return console.New(path, s, options)
}

// maskWritten is what is kept of what an agent writes beside a conversation.
func maskWritten(text string) string {
	masked, _ := privacy.Mask(text, privacy.Strictest)
	return masked
}

// handler ties routes to their paths.
func handler(routes []channels.Route, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.Handle(r.Pattern, telemetry.Route(r.Pattern, r.Handler, log))
	}
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
	for _, setting := range append([][2]string{
		{"data", c.dataDir()}, {"database", withoutPassword(c.Database)}, {"key_file", c.key().File}, {"key", secret(c.Key)}, {"content", c.Content}, {"listen", cmd.Listen}, {"metrics_listen", cmd.MetricsListen}, {"public_url", cmd.PublicURL},
		{"watch", fmt.Sprint(cmd.Watch)}, {"require_totp", fmt.Sprint(cmd.RequireTOTP)}, {"drain", cmd.Drain.String()}, {"keep", cmd.Keep.String()}, {"time_zone", cmd.TimeZone}, {"answer_chat", cmd.AnswerChat.String()}, {"answer_phone", cmd.AnswerPhone.String()}, {"allowed_origins", strings.Join(cmd.AllowedOrigins, ",")},
		{"log_format", cmd.LogFormat}, {"log_level", cmd.LogLevel.String()}, {"otlp_endpoint", cmd.OTLPEndpoint},
		{"phone_help", cmd.PhoneHelp},
		{"admin_password", secret(cmd.AdminPassword)}, {"audit_key", secret(c.AuditKey)}, {"rest_key", secret(cmd.RESTKey)},
		{"rest_callback", cmd.RESTCallback}, {"rest_callback_secret", secret(cmd.RESTCallbackSecret)},
		{"telegram_token", secret(cmd.TelegramToken)}, {"telegram_secret", secret(cmd.TelegramSecret)}, {"telegram_server", cmd.TelegramServer},
	}, slices.Concat(cmd.twilioSettings(secret), cmd.referenceSettings(secret), cmd.deskSettings(secret), cmd.oidcSettings(secret), cmd.emailSettings(secret), cmd.openaiSettings(secret), cmd.embeddingsSettings(secret), cmd.limits())...) {
		if _, err := fmt.Printf("%s: %q\n", setting[0], setting[1]); err != nil {
			return err
		}
	}
	return nil
}
