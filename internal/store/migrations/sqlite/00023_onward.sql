-- +goose Up

-- Calls that go on by SMS: the number that the conversation of a call is answered
-- at. place is what stands for it in thread.peer, number is sealed.
CREATE TABLE onward (
    thread_id INTEGER PRIMARY KEY REFERENCES thread (id), -- of the call
    place     TEXT    NOT NULL,
    number    BLOB    NOT NULL,
    moved_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX onward_place ON onward (place, moved_at);
