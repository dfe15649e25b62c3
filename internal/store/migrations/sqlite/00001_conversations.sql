-- All times are microseconds since 1970 UTC. thread_id stands in every key, so
-- that the same schema can be partitioned by conversation.

-- +goose Up

-- A conversation. There is one per address, for ever.
CREATE TABLE thread (
    id        INTEGER PRIMARY KEY,
    channel   TEXT    NOT NULL,
    peer      TEXT    NOT NULL,
    version   INTEGER NOT NULL DEFAULT 0, -- turns so far
    last_seq  INTEGER NOT NULL DEFAULT 0, -- of message
    event_seq INTEGER NOT NULL DEFAULT 0, -- of event
    session   TEXT,
    UNIQUE (channel, peer)
) STRICT;

-- A lane numbers what waits in line: rows up to head are handled, rows up to
-- tail are there. Whether work is left can be told from this row alone.
CREATE TABLE lane (
    thread_id INTEGER NOT NULL REFERENCES thread (id),
    kind      TEXT    NOT NULL, -- in
    head      INTEGER NOT NULL DEFAULT 0,
    tail      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (thread_id, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX lane_ready ON lane (thread_id) WHERE tail > head;

-- What came in. Persons, agents and timers choose their ids apart.
CREATE TABLE inbox (
    thread_id   INTEGER NOT NULL REFERENCES thread (id),
    seq         INTEGER NOT NULL,
    sender      TEXT    NOT NULL, -- person, agent, timer
    ext_id      TEXT    NOT NULL CHECK (ext_id <> ''),
    digest      BLOB,             -- of the raw body, to tell a repeat from a conflict
    payload     TEXT    NOT NULL, -- supportbot.Inbound
    outcome     TEXT,             -- supportbot.Outcome, NULL while unhandled
    accepted_at INTEGER NOT NULL,
    PRIMARY KEY (thread_id, seq),
    UNIQUE (thread_id, sender, ext_id)
) STRICT;

-- The log from which a conversation can be replayed.
CREATE TABLE event (
    thread_id INTEGER NOT NULL REFERENCES thread (id),
    seq       INTEGER NOT NULL,
    type      TEXT    NOT NULL,
    payload   TEXT,
    PRIMARY KEY (thread_id, seq)
) STRICT;

-- The transcript.
CREATE TABLE message (
    thread_id INTEGER NOT NULL REFERENCES thread (id),
    seq       INTEGER NOT NULL,
    sender    TEXT    NOT NULL, -- user, bot, agent
    author    TEXT    NOT NULL,
    text      TEXT    NOT NULL,
    spoken    TEXT    NOT NULL,
    choices   TEXT    NOT NULL, -- JSON
    reply_to  TEXT    NOT NULL,
    sent_at   INTEGER NOT NULL,
    PRIMARY KEY (thread_id, seq)
) STRICT;

CREATE TABLE timer (
    thread_id INTEGER NOT NULL REFERENCES thread (id),
    kind      TEXT    NOT NULL,
    gen       INTEGER NOT NULL,
    due_at    INTEGER NOT NULL,
    PRIMARY KEY (thread_id, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX timer_due ON timer (due_at);

-- Handoffs. data is the whole case, the other columns are for finding it.
CREATE TABLE cases (
    thread_id INTEGER NOT NULL REFERENCES thread (id),
    id        TEXT    NOT NULL UNIQUE,
    opened    INTEGER NOT NULL, -- the inbox row that opened it
    state     TEXT    NOT NULL,
    live      INTEGER NOT NULL, -- 1 while it waits or is worked on
    priority  INTEGER NOT NULL, -- rank, 0 is the most urgent
    owner     TEXT    NOT NULL,
    fence     INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    data      TEXT    NOT NULL, -- supportbot.Case
    PRIMARY KEY (thread_id, id)
) STRICT;

CREATE UNIQUE INDEX cases_live ON cases (thread_id) WHERE live;
CREATE INDEX cases_all ON cases (priority, queued_at, id);
CREATE INDEX cases_state ON cases (state, priority, queued_at, id);
CREATE INDEX cases_owner ON cases (owner, state, priority, queued_at, id);
