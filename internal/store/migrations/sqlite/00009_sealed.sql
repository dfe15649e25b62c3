-- +goose Up

-- All that was plain has been sealed: see the migration before.
ALTER TABLE thread DROP COLUMN plain_session;
ALTER TABLE thread DROP COLUMN event_seq;
ALTER TABLE inbox DROP COLUMN plain_payload;
ALTER TABLE inbox DROP COLUMN plain_outcome;
ALTER TABLE message DROP COLUMN author;
ALTER TABLE message DROP COLUMN text;
ALTER TABLE message DROP COLUMN spoken;
ALTER TABLE message DROP COLUMN choices;
ALTER TABLE cases DROP COLUMN plain_data;
DROP TABLE event;
