-- +goose Up

CREATE TABLE picture (
    thread_id BIGINT NOT NULL,
    id        TEXT   COLLATE "C" NOT NULL,
    sent_at   BIGINT NOT NULL,
    state     TEXT   NOT NULL,
    ref       BYTEA  NOT NULL,
    jpeg      BYTEA,
    tries     BIGINT NOT NULL DEFAULT 0,
    due_at    BIGINT NOT NULL,
    PRIMARY KEY (thread_id, id)
);

CREATE INDEX picture_due ON picture (due_at) WHERE state = 'coming';
