-- +goose Up

ALTER TABLE thread ADD COLUMN fed BIGINT NOT NULL DEFAULT 0;

CREATE TABLE deskfeed (
    thread_id   BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    idem        TEXT   NOT NULL,
    event       TEXT   NOT NULL,
    status      TEXT   COLLATE "C" NOT NULL,
    epoch       BIGINT NOT NULL DEFAULT 0,
    tries       BIGINT NOT NULL DEFAULT 0,
    refusals    BIGINT NOT NULL DEFAULT 0,
    unsure      BIGINT NOT NULL DEFAULT 0,
    error       TEXT   NOT NULL DEFAULT '',
    fed_at      BIGINT NOT NULL,
    ready_at    BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    PRIMARY KEY (thread_id, seq)
) WITH (fillfactor = 50);

CREATE INDEX deskfeed_next ON deskfeed (thread_id, seq) WHERE status IN ('waiting', 'sending');
CREATE INDEX deskfeed_parked ON deskfeed (changed_at) WHERE status = 'parked';
CREATE INDEX deskfeed_old ON deskfeed (changed_at) WHERE status <> 'parked';
