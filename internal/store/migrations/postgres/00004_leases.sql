-- +goose Up

-- The process that handles what waits in the lane, and until when the others
-- leave it to that process, by the clock of the database.
ALTER TABLE lane ADD COLUMN owner TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE lane ADD COLUMN lease_until BIGINT NOT NULL DEFAULT 0;
