-- +goose Up

CREATE TABLE seat (
    thread_id BIGINT NOT NULL,
    case_id   TEXT   COLLATE "C" NOT NULL,
    agent     TEXT   COLLATE "C" NOT NULL,
    seen_at   BIGINT NOT NULL,
    typed_at  BIGINT NOT NULL DEFAULT 0,
    draft     BYTEA,
    PRIMARY KEY (thread_id, case_id, agent)
);

CREATE INDEX seat_case ON seat (case_id, seen_at);
