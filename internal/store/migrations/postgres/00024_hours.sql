-- +goose Up

-- What an admin sets for all, as JSON: 'hours', when agents work.
CREATE TABLE setting (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
