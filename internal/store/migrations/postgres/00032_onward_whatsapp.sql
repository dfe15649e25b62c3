-- +goose Up

ALTER TABLE onward ADD COLUMN channel TEXT NOT NULL DEFAULT 'sms';
ALTER TABLE onward ADD COLUMN caller TEXT NOT NULL DEFAULT '';
ALTER TABLE onward ADD COLUMN agreed BIGINT NOT NULL DEFAULT 1;

CREATE INDEX onward_caller ON onward (caller, moved_at) WHERE caller <> '';
