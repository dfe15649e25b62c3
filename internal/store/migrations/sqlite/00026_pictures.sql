-- +goose Up

-- Pictures that people sent: first how the provider calls one, then the picture.
CREATE TABLE picture (
    thread_id INTEGER NOT NULL REFERENCES thread (id),
    id        TEXT    NOT NULL,
    sent_at   INTEGER NOT NULL,
    state     TEXT    NOT NULL,
    ref       BLOB    NOT NULL, -- sealed
    jpeg      BLOB,             -- sealed; NULL unless state is 'here'
    tries     INTEGER NOT NULL DEFAULT 0,
    due_at    INTEGER NOT NULL,
    PRIMARY KEY (thread_id, id)
) STRICT;

CREATE INDEX picture_due ON picture (due_at) WHERE state = 'coming';
