-- +goose Up

CREATE TABLE note (
    thread_id BIGINT NOT NULL,
    id        TEXT   COLLATE "C" NOT NULL,
    case_id   TEXT   COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    data      BYTEA  NOT NULL,
    PRIMARY KEY (thread_id, id)
);

CREATE INDEX note_case ON note (case_id, at, id);

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
