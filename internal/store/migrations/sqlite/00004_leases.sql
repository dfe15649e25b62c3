-- +goose Up

-- The process that handles what waits in the lane, and until when the others
-- leave it to that process, by the clock of the database.
ALTER TABLE lane ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE lane ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0;

-- Whether something waits.
ALTER TABLE lane ADD COLUMN ready INTEGER NOT NULL GENERATED ALWAYS AS (tail > head) VIRTUAL;
DROP INDEX lane_ready;
CREATE INDEX lane_ready ON lane (thread_id) WHERE ready;
