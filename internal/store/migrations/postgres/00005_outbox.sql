-- +goose Up

CREATE TABLE outlane (
    thread_id BIGINT PRIMARY KEY,
    channel   TEXT   COLLATE "C" NOT NULL,
    head      BIGINT NOT NULL DEFAULT 0,
    tail      BIGINT NOT NULL DEFAULT 0,
    epoch     BIGINT NOT NULL DEFAULT 0,
    ready_at  BIGINT NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX outlane_ready ON outlane (channel, ready_at) WHERE tail > head;

CREATE TABLE outbox (
    thread_id   BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    message_seq BIGINT NOT NULL,
    idem        TEXT   NOT NULL,
    trace       TEXT   NOT NULL DEFAULT '',
    status      TEXT   COLLATE "C" NOT NULL,
    tries       BIGINT NOT NULL DEFAULT 0,
    refusals    BIGINT NOT NULL DEFAULT 0,
    unsure      BIGINT NOT NULL DEFAULT 0,
    error       TEXT   NOT NULL DEFAULT '',
    changed_at  BIGINT NOT NULL,
    PRIMARY KEY (thread_id, seq)
) WITH (fillfactor = 50);

CREATE INDEX outbox_parked ON outbox (changed_at) WHERE status = 'parked';

ALTER TABLE inbox ADD COLUMN failure TEXT;
CREATE INDEX inbox_failed ON inbox (accepted_at) WHERE failure IS NOT NULL;

-- SQLite's function of this name, as far as it is used: the time in seconds
-- since 1970 with their fractions, not of the transaction but of this moment.
CREATE FUNCTION unixepoch(modifier TEXT) RETURNS DOUBLE PRECISION
    LANGUAGE sql VOLATILE
    RETURN extract(epoch FROM clock_timestamp())::double precision;
