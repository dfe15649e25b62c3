-- +goose Up

-- A call may go on on WhatsApp too, and at a number that the caller keyed in: then
-- caller stands for the number that called, and agreed is 0 until somebody at the
-- other one says so, and then the time.
ALTER TABLE onward ADD COLUMN channel TEXT NOT NULL DEFAULT 'sms';
ALTER TABLE onward ADD COLUMN caller TEXT NOT NULL DEFAULT '';
ALTER TABLE onward ADD COLUMN agreed INTEGER NOT NULL DEFAULT 1;

CREATE INDEX onward_caller ON onward (caller, moved_at) WHERE caller <> '';
