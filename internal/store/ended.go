package store

import (
	"context"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// ended lists what a turn ended, for reports.
func (c *kept) ended() (all []supportbot.Ended) {
	for _, changed := range c.cases {
		if !changed.State.Live() {
			all = append(all, changed.Ending())
		}
	}
	return all
}

// putEnded writes what most turns have none of. A case ends once: what is written
// of it again changes nothing.
func putEnded(ctx context.Context, tx conn, c *kept) error {
	for _, e := range c.ended() {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO ended (thread_id, id, state, verdict, reason, channel, language, agent, opened_at, claimed_at, replied_at, ended_at, code, score)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0) ON CONFLICT DO NOTHING`,
			c.Thread, e.Case, e.State, e.Verdict, e.Reason, e.Channel, e.Language, e.Agent,
			toMicros(e.Opened), toMicros(e.Claimed), toMicros(e.Replied), toMicros(e.Ended), e.Code)
		if err != nil {
			return err
		}
	}
	if c.Score == nil {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE ended SET score = $3 WHERE thread_id = $1 AND id = $2 AND score = 0`, c.Thread, c.Score.Case, c.Score.Score)
	return err
}

// pgEnded is putEnded as a part of the statement of a turn.
const pgEnded = `
	), over AS (
		INSERT INTO ended (thread_id, id, state, verdict, reason, channel, language, agent, opened_at, claimed_at, replied_at, ended_at, code, score)
		SELECT moved.id, e.id, e.state, e.verdict, e.reason, e.channel, e.language, e.agent, e.opened_at, e.claimed_at, e.replied_at, e.ended_at, e.code, 0
		FROM moved, unnest(@ended_ids::text[], @ended_states::text[], @ended_verdicts::text[], @ended_reasons::text[], @ended_channels::text[],
			@ended_languages::text[], @ended_agents::text[], @ended_opened::bigint[], @ended_claimed::bigint[], @ended_replied::bigint[],
			@ended_at::bigint[], @ended_codes::text[])
			AS e (id, state, verdict, reason, channel, language, agent, opened_at, claimed_at, replied_at, ended_at, code)
		ON CONFLICT DO NOTHING
	), scored AS (
		UPDATE ended SET score = @score FROM moved
		WHERE ended.thread_id = moved.id AND ended.id = @scored AND ended.score = 0`

func endedValues(values map[string]any, c *kept) {
	texts, times := map[string][]string{}, map[string][]int64{}
	for _, e := range c.ended() {
		for name, text := range map[string]string{
			"ended_ids": e.Case, "ended_states": string(e.State), "ended_verdicts": string(e.Verdict), "ended_reasons": e.Reason,
			"ended_channels": string(e.Channel), "ended_languages": string(e.Language), "ended_agents": e.Agent, "ended_codes": string(e.Code),
		} {
			texts[name] = append(texts[name], text)
		}
		for name, at := range map[string]time.Time{
			"ended_opened": e.Opened, "ended_claimed": e.Claimed, "ended_replied": e.Replied, "ended_at": e.Ended,
		} {
			times[name] = append(times[name], toMicros(at))
		}
	}
	for _, name := range []string{"ended_ids", "ended_states", "ended_verdicts", "ended_reasons", "ended_channels", "ended_languages", "ended_agents", "ended_codes"} {
		values[name] = texts[name]
	}
	for _, name := range []string{"ended_opened", "ended_claimed", "ended_replied", "ended_at"} {
		values[name] = times[name]
	}
	values["scored"], values["score"] = "", 0
	if c.Score != nil {
		values["scored"], values["score"] = c.Score.Case, c.Score.Score
	}
}

// toMicros is a time as a column keeps it, 0 for none.
func toMicros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Ended lists cases that ended from one time on and before another, the oldest
// first.
func (s *Store) Ended(ctx context.Context, from, to time.Time, limit int) (all []supportbot.Ended, err error) {
	defer wrap(&err, "cases that ended")
	return list(ctx, s.read, scanEnded, selectEnded+`WHERE ended_at >= $1 AND ended_at < $2 ORDER BY ended_at, id LIMIT $3`,
		from.UnixMicro(), to.UnixMicro(), limit)
}

// selectEnded is for scanEnded.
const selectEnded = `
	SELECT thread_id, id, state, verdict, reason, channel, language, agent, opened_at, claimed_at, replied_at, ended_at, code, score
	FROM ended `

func scanEnded(row scanner) (e supportbot.Ended, err error) {
	times := make([]int64, 4)
	err = row.Scan(&e.Thread, &e.Case, &e.State, &e.Verdict, &e.Reason, &e.Channel, &e.Language, &e.Agent,
		&times[0], &times[1], &times[2], &times[3], &e.Code, &e.Score)
	for i, at := range []*time.Time{&e.Opened, &e.Claimed, &e.Replied, &e.Ended} {
		if times[i] != 0 {
			*at = fromMicros(times[i])
		}
	}
	return e, err
}

// WrapUp gives a case that has ended a code, instead of one that it may have.
// ErrNotFound if it has not ended, was not that agent's, or ended longer than
// handoff.WrapUpLimit ago.
func (s *Store) WrapUp(ctx context.Context, id, agent string, code supportbot.Wrapup) (err error) {
	defer wrap(&err, "wrap up case %q", id)
	act := supportbot.Audited{Actor: agent, Action: supportbot.CaseWrappedUp, Subject: id, Details: map[string]string{"code": string(code)}}
	return s.audited(ctx, act, func(ctx context.Context, tx conn) error {
		n, err := affected(tx.ExecContext(ctx, `
			UPDATE ended SET code = $3 WHERE id = $1 AND agent = $2 AND agent <> '' AND ended_at >= (SELECT `+clock+` - $4)`,
			id, agent, code, handoff.WrapUpLimit.Microseconds()))
		if err == nil && n == 0 {
			err = supportbot.ErrNotFound
		}
		return err
	})
}
