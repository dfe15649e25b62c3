-- +goose Up

ALTER TABLE agent ADD COLUMN phone BYTEA;

CREATE TABLE line (
    thread_id BIGINT NOT NULL,
    case_id   TEXT   COLLATE "C" NOT NULL,
    fence     BIGINT NOT NULL,
    try       BIGINT NOT NULL,
    live      BIGINT NOT NULL,
    version   BIGINT NOT NULL,
    data      BYTEA  NOT NULL,
    PRIMARY KEY (thread_id, case_id, fence, try)
);

CREATE INDEX line_live ON line (thread_id) WHERE live = 1;
