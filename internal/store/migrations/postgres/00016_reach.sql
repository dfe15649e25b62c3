-- +goose Up

CREATE TABLE consent (
    thread_id BIGINT NOT NULL,
    id        TEXT   COLLATE "C" NOT NULL,
    stopped   BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (thread_id, id)
);

CREATE TABLE spending (
    day      BIGINT PRIMARY KEY,
    segments BIGINT NOT NULL
);

ALTER TABLE outbox ADD COLUMN receipt BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN receipt_code BIGINT NOT NULL DEFAULT 0;
