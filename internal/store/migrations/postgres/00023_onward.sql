-- +goose Up

CREATE TABLE onward (
    thread_id BIGINT PRIMARY KEY,
    place     TEXT   NOT NULL,
    number    BYTEA  NOT NULL,
    moved_at  BIGINT NOT NULL
);

CREATE INDEX onward_place ON onward (place, moved_at);
