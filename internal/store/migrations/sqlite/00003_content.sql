-- +goose Up

-- Versions of the content.
CREATE TABLE content_version (
    id       TEXT    PRIMARY KEY, -- hash of its files
    added_at INTEGER NOT NULL,
    source   TEXT    NOT NULL,
    flows    INTEGER NOT NULL,
    topics   INTEGER NOT NULL,
    retired  INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Each is kept whole, apart from what is read often.
CREATE TABLE content_files (
    version TEXT PRIMARY KEY REFERENCES content_version (id),
    archive BLOB NOT NULL -- ZIP
) STRICT;

-- What was put in force, when and by whom. The last row holds.
CREATE TABLE content_publication (
    seq          INTEGER PRIMARY KEY,
    version      TEXT    NOT NULL REFERENCES content_version (id),
    published_at INTEGER NOT NULL,
    agent        TEXT    NOT NULL -- '' if its source did so by itself
) STRICT;

CREATE INDEX content_publication_version ON content_publication (version, seq);

-- What each source held when it was last looked at.
CREATE TABLE content_source (
    name    TEXT    PRIMARY KEY,
    version TEXT    NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

-- The version on which the open flows of a conversation run, '' if none is open.
ALTER TABLE thread ADD COLUMN content TEXT NOT NULL DEFAULT '';
CREATE INDEX thread_content ON thread (content) WHERE content <> '';
