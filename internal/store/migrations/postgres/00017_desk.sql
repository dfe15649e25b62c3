-- +goose Up

-- Who may take a case over: of an offer, a transfer or a consultation.
ALTER TABLE cases ADD COLUMN asked TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX cases_asked ON cases (asked) WHERE asked <> '';
CREATE INDEX cases_held ON cases (owner) WHERE live = 1;

-- What an agent can do, as JSON, and how many cases at once.
ALTER TABLE agent ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';
ALTER TABLE agent ADD COLUMN capacity BIGINT NOT NULL DEFAULT 5;

-- Whether the agent wants offers, until when the agent counts as there, when an
-- offer was last made, and how many in a row passed unanswered.
ALTER TABLE agent ADD COLUMN presence TEXT NOT NULL DEFAULT 'away';
ALTER TABLE agent ADD COLUMN here_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agent ADD COLUMN offered_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE agent ADD COLUMN misses BIGINT NOT NULL DEFAULT 0;
