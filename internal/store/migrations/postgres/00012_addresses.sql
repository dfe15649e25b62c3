-- +goose Up

-- A program that does not know of sealed addresses must not begin conversations.
ALTER TABLE thread ADD CONSTRAINT thread_has_address CHECK (key IS NULL OR address IS NOT NULL);
