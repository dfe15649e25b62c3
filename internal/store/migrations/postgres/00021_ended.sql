-- +goose Up

CREATE TABLE ended (
    thread_id  BIGINT NOT NULL,
    id         TEXT   NOT NULL UNIQUE,
    state      TEXT   NOT NULL,
    verdict    TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    channel    TEXT   NOT NULL,
    language   TEXT   NOT NULL,
    agent      TEXT   NOT NULL,
    opened_at  BIGINT NOT NULL,
    claimed_at BIGINT NOT NULL,
    replied_at BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL,
    code       TEXT   NOT NULL,
    score      BIGINT NOT NULL,
    PRIMARY KEY (thread_id, id)
);

CREATE INDEX ended_age ON ended (ended_at);
