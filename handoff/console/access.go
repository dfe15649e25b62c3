package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
)

// rule is who may call a route. The zero rule lets nobody in.
type rule struct {
	least  handoff.Role // of those who have logged in; "" only for what is open
	open   bool         // also to whoever has not
	person bool         // only by a log-in in a browser, never with a token; even before there is a second factor that is required
	sees   bool         // and only on a case that the agent may see
}

// access is the one place where it is decided who may call what. A route that is
// not listed here is not served: Routes panics instead.
//
// Acts on a case are for every agent, because its owner and fence decide about
// them (handoff.Step), also about what supervisors and admins do. What content
// says is no secret among colleagues; who puts it in force answers for it.
var access = map[string]rule{
	"GET /console/login":                {open: true},
	"POST /console/login":               {open: true},
	"POST /console/login/code":          {open: true}, // asks for the session of the password
	"GET /console/login/oidc":           {open: true},
	"GET /console/login/oidc/back":      {open: true}, // asks for the cookie of the former
	"POST /console/logout":              {open: true},
	"GET /console/static/{file}":        {open: true},
	"GET /console/static/vendor/{file}": {open: true},

	"GET /console/account":           {least: handoff.RoleAgent, person: true},
	"GET /console/account/totp.png":  {least: handoff.RoleAgent, person: true},
	"POST /console/account/password": {least: handoff.RoleAgent, person: true},
	"POST /console/account/totp":     {least: handoff.RoleAgent, person: true},

	"GET /console/{$}":   {least: handoff.RoleAgent},
	"GET /console/ws":    {least: handoff.RoleAgent},
	"GET /console/board": {least: handoff.RoleSupervisor},

	"GET /console/api/cases":                {least: handoff.RoleAgent}, // those that the agent may see
	"GET /console/api/cases/{id}":           {least: handoff.RoleAgent, sees: true},
	"POST /console/api/cases/{id}/claim":    {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/messages": {least: handoff.RoleAgent},
	"GET /console/api/cases/{id}/draft":     {least: handoff.RoleAgent, sees: true}, // the caller's own
	"PUT /console/api/cases/{id}/draft":     {least: handoff.RoleAgent, sees: true},
	"POST /console/api/cases/{id}/outcome":  {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/release":  {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/close":    {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/accept":   {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/decline":  {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/transfer": {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/consult":  {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/resume":   {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/notes":    {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/callback": {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/cancel":   {least: handoff.RoleAdmin},
	"POST /console/api/presence":            {least: handoff.RoleAgent},
	"GET /console/api/agents":               {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/takeover": {least: handoff.RoleSupervisor},
	"POST /console/api/cases/{id}/reassign": {least: handoff.RoleSupervisor},
	"POST /console/api/cases/{id}/priority": {least: handoff.RoleSupervisor},
	"GET /console/api/board":                {least: handoff.RoleSupervisor},
	"POST /console/api/cases/{id}/reveal":   {least: handoff.RoleAgent, sees: true}, // and only to the owner
	"POST /console/api/cases/{id}/wrapup":   {least: handoff.RoleAgent},             // and only by its last owner
	"GET /console/api/knowledge":            {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/checks":   {least: handoff.RoleAgent, sees: true}, // the same
	"POST /console/api/cases/{id}/code":     {least: handoff.RoleAgent, sees: true}, // the same
	"POST /console/api/cases/{id}/hooks":    {least: handoff.RoleAgent, sees: true}, // the same
	"POST /console/api/cases/{id}/approve":  {least: handoff.RoleAgent, sees: true}, // and only to another
	"GET /console/api/cases/{id}/summary":   {least: handoff.RoleAgent, sees: true},
	"POST /console/api/heartbeat":           {least: handoff.RoleAgent},

	"GET /console/agents":                      {least: handoff.RoleAdmin},
	"GET /console/hours":                       {least: handoff.RoleAdmin},
	"GET /console/api/hours":                   {least: handoff.RoleAdmin},
	"PUT /console/api/hours":                   {least: handoff.RoleAdmin},
	"GET /console/api/roster":                  {least: handoff.RoleAdmin},
	"POST /console/api/agents":                 {least: handoff.RoleAdmin},
	"PUT /console/api/agents/{name}":           {least: handoff.RoleAdmin},
	"PATCH /console/api/agents/{name}":         {least: handoff.RoleAdmin},
	"DELETE /console/api/agents/{name}":        {least: handoff.RoleAdmin},
	"POST /console/api/agents/{name}/password": {least: handoff.RoleAdmin},
	"GET /console/api/teams":                   {least: handoff.RoleAgent}, // to whom a case may be passed on
	"POST /console/api/teams":                  {least: handoff.RoleAdmin},
	"PUT /console/api/teams/{name}":            {least: handoff.RoleAdmin},
	"DELETE /console/api/teams/{name}":         {least: handoff.RoleAdmin},

	"GET /console/api/cases/{id}/call":         {least: handoff.RoleAgent, sees: true},
	"POST /console/api/cases/{id}/call":        {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/call/hold":   {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/call/resume": {least: handoff.RoleAgent},
	"POST /console/api/cases/{id}/call/hangup": {least: handoff.RoleAgent},
	"POST /console/api/agents/{name}/phone":    {least: handoff.RoleAdmin},

	"GET /console/api/cases/{id}/pictures/{picture}": {least: handoff.RoleAgent, sees: true},

	"POST /console/api/cases/{id}/draft-reply": {least: handoff.RoleAgent, sees: true}, // and only to the owner

	"GET /console/content":                            {least: handoff.RoleAgent},
	"GET /console/content/{version}/preview":          {least: handoff.RoleAgent},
	"GET /console/content/{version}/flows":            {least: handoff.RoleAgent},
	"GET /console/content/{version}/flows/{flow}":     {least: handoff.RoleAgent},
	"GET /console/content/{version}/retire":           {least: handoff.RoleSupervisor},
	"POST /console/content/{version}/publish":         {least: handoff.RoleSupervisor},
	"POST /console/content/{version}/retire":          {least: handoff.RoleSupervisor},
	"GET /console/api/content":                        {least: handoff.RoleAgent},
	"POST /console/api/content/{version}/preview":     {least: handoff.RoleAgent},
	"GET /console/api/content/{version}/flows/{flow}": {least: handoff.RoleAgent},
	"GET /console/api/content/{version}/retirement":   {least: handoff.RoleSupervisor},
	"POST /console/api/content/{version}/publish":     {least: handoff.RoleSupervisor},
	"POST /console/api/content/{version}/retire":      {least: handoff.RoleSupervisor},

	"GET /console/reports":     {least: handoff.RoleSupervisor},
	"GET /console/reports.csv": {least: handoff.RoleSupervisor},

	// What people said in any conversation, so not for those who see only their own.
	"GET /console/missed":              {least: handoff.RoleSupervisor},
	"GET /console/missed/{message}":    {least: handoff.RoleSupervisor},
	"POST /console/missed/export":      {least: handoff.RoleSupervisor},
	"POST /console/missed/dismiss":     {least: handoff.RoleSupervisor},
	"GET /console/api/missed":          {least: handoff.RoleSupervisor},
	"POST /console/api/missed/export":  {least: handoff.RoleSupervisor},
	"POST /console/api/missed/dismiss": {least: handoff.RoleSupervisor},
}

// errFactor refuses everything else to an agent who must set up a second factor.
var errFactor = errors.New("set up a second factor first, under /console/account")

// errRole refuses a route to an agent whose role is not among its rule's.
var errRole = errors.New("only a supervisor or an admin may do this")

// guarded serves a route under its rule.
type guarded func(rule) http.Handler

// enforce puts every route behind its rule. A route without a rule, or a rule
// that does not fit, is a mistake of ours, and nothing is served with it.
func enforce(routes map[string]guarded) []channels.Route {
	var served []channels.Route
	for pattern, serve := range routes {
		r, listed := access[pattern]
		if !listed || r.open == r.least.Valid() {
			panic(fmt.Sprintf("console: access does not say who may call %q", pattern))
		}
		served = append(served, channels.Route{Pattern: pattern, Handler: guard(serve(r))})
	}
	return served
}

// public serves a route that is open to everybody.
func public(handler http.Handler) guarded {
	return func(r rule) http.Handler {
		if !r.open {
			panic("console: a route that asks nobody's name is not open to everybody")
		}
		return handler
	}
}

// caller tells who makes a request that a rule may let in. The error is
// supportbot.ErrNotFound for a stranger, and tooSoon where too many wrong tokens
// come from.
func (c *Console) caller(r *http.Request, rule rule) (handoff.Agent, error) {
	if !byToken(r) {
		return c.agent(r)
	}
	if rule.person {
		return handoff.Agent{}, supportbot.ErrNotFound
	}
	network := c.client(r)
	if wait := c.tokens.Wait(network); wait > 0 {
		c.overLimit("keys")
		return handoff.Agent{}, tooSoon(wait)
	}
	agent, err := c.agent(r)
	switch {
	case err == nil:
		c.tokens.Right(network)
	case errors.Is(err, supportbot.ErrNotFound):
		c.tokens.Wrong(network)
	}
	return agent, err
}

// tooSoon refuses a token before so long a time has passed.
type tooSoon time.Duration

// Error implements error.
func (tooSoon) Error() string {
	return "too many wrong tokens came from this network; send the right one after Retry-After seconds"
}

func byToken(r *http.Request) bool { return r.Header.Get("Authorization") != "" }

// admit tells whether an agent may make a request by the rule of its route. The
// error is errRole, errFactor, or supportbot.ErrNotFound of a case that the agent may not
// see, the same as of one that is not there.
func (c *Console) admit(r *http.Request, rule rule, agent handoff.Agent) error {
	if !agent.Role.Includes(rule.least) {
		return errRole
	}
	if c.requireTOTP && agent.TOTP == "" && !agent.Factors && !rule.person && !byToken(r) {
		return errFactor
	}
	if !rule.sees {
		return nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	one, err := c.desk.Case(ctx, r.PathValue("id"))
	if err == nil && !c.maySee(agent, one) {
		err = supportbot.ErrNotFound
	}
	return err
}

// maySee tells whether an agent may read a case: the queue is for all, of the
// others agents see their own, those that they are asked to take, and those that
// wait for a second agent's approval.
func (c *Console) maySee(agent handoff.Agent, one supportbot.Case) bool {
	return agent.Role.Includes(handoff.RoleSupervisor) || one.State.Queued() || one.Owner == agent.Name || one.Asked == agent.Name ||
		handoff.AwaitsApproval(one, c.reference != nil)
}

// visible lists the cases that an agent may see, the most urgent first.
func (c *Console) visible(ctx context.Context, agent handoff.Agent) ([]supportbot.Case, error) {
	if agent.Role.Includes(handoff.RoleSupervisor) {
		return c.desk.Cases(ctx, "", "")
	}
	queue, err := c.queue(ctx)
	if err != nil {
		return nil, err
	}
	own, err := c.desk.Cases(ctx, "", agent.Name)
	if err != nil {
		return nil, err
	}
	asked, err := c.desk.Mine(ctx, agent.Name)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(queue, own, asked)
	slices.SortStableFunc(all, handoff.First)
	return slices.CompactFunc(all, func(a, b supportbot.Case) bool { return a.ID == b.ID }), nil
}
