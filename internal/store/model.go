package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"supportbot"
)

// today is the day of the database's clock, in UTC.
const today = `(SELECT ` + clock + ` / 86400000000)`

// ReserveTokens counts what a question to a language model can use at most, for all
// processes of the database, and tells whether it stays within what may be spent
// today: by all, and by the conversation at an address, if there is one. If not,
// nothing is counted. day is for SettleTokens.
func (s *Store) ReserveTokens(ctx context.Context, from supportbot.Address, most supportbot.ModelSpend, limits supportbot.ModelLimits) (day int64, within bool, err error) {
	defer wrap(&err, "reserve %d tokens", most.Tokens)
	err = s.update(ctx, func(ctx context.Context, tx conn) (err error) {
		if day, err = reserve(ctx, tx, "", most, limits.All); err != nil || from == (supportbot.Address{}) {
			return err
		}
		_, err = reserve(ctx, tx, s.vault.placeOf(from), most, supportbot.ModelSpend{Tokens: limits.Conversation})
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return day, err == nil, err
}

// reserve counts for one spender; sql.ErrNoRows if it would be too much.
func reserve(ctx context.Context, tx conn, who string, most, limit supportbot.ModelSpend) (day int64, err error) {
	err = row(ctx, tx, `
		INSERT INTO model_spending AS s (day, who, tokens, cost)
		SELECT `+today+`, $1, CAST($2 AS BIGINT), CAST($3 AS BIGINT)
		WHERE (CAST($4 AS BIGINT) = 0 OR CAST($2 AS BIGINT) <= $4) AND (CAST($5 AS BIGINT) = 0 OR CAST($3 AS BIGINT) <= $5)
		ON CONFLICT (day, who) DO UPDATE SET tokens = s.tokens + excluded.tokens, cost = s.cost + excluded.cost
		WHERE ($4 = 0 OR s.tokens + excluded.tokens <= $4) AND ($5 = 0 OR s.cost + excluded.cost <= $5)
		RETURNING day`, who, most.Tokens, most.Cost, limit.Tokens, limit.Cost).Scan(&day)
	return day, err
}

// SettleTokens counts back what a question did not use of what was reserved on a day.
func (s *Store) SettleTokens(ctx context.Context, day int64, from supportbot.Address, unused supportbot.ModelSpend) (err error) {
	defer wrap(&err, "settle %d tokens", unused.Tokens)
	who := ""
	if from != (supportbot.Address{}) {
		who = s.vault.placeOf(from)
	}
	return s.update(ctx, func(ctx context.Context, tx conn) error {
		for _, who := range slices.Compact([]string{"", who}) { // in the order in which ReserveTokens locks them
			_, err := tx.ExecContext(ctx, `UPDATE model_spending SET tokens = tokens - $3, cost = cost - $4 WHERE day = $1 AND who = $2`,
				day, who, unused.Tokens, unused.Cost)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// CutModelSpending deletes so many rows of what was spent on days that are over: a
// day longer than they count, so that what is under way at midnight is settled. It
// returns how many it deleted.
func (s *Store) CutModelSpending(ctx context.Context, limit int) (cut int, err error) {
	defer wrap(&err, "cut what a model cost")
	n, err := affected(s.exec(ctx, `
		DELETE FROM model_spending WHERE (day, who) IN (SELECT day, who FROM model_spending WHERE day < `+today+` - 1 LIMIT $1)`, limit))
	return int(n), err
}
