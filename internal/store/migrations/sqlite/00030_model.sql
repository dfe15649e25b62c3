-- +goose Up

-- What a language model has cost, by day (UTC, since 1970) and conversation. who is
-- a digest of who asked, '' in the row of all together. A row lasts until its day
-- is over.
CREATE TABLE model_spending (
    day    INTEGER NOT NULL,
    who    TEXT    NOT NULL,
    tokens INTEGER NOT NULL,
    cost   INTEGER NOT NULL, -- billionths of the currency of the prices
    PRIMARY KEY (day, who)
) STRICT, WITHOUT ROWID;
