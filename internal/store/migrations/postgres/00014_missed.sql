-- +goose Up

CREATE TABLE missed (
    thread_id BIGINT NOT NULL,
    seq       BIGINT NOT NULL,
    missed_at BIGINT NOT NULL,
    data      BYTEA  NOT NULL,
    meant     BYTEA,
    PRIMARY KEY (thread_id, seq)
);

CREATE INDEX missed_age ON missed (missed_at, thread_id, seq);
