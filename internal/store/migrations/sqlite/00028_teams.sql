-- +goose Up

-- Teams to which cases are passed on. Profiles name no others.
CREATE TABLE team (
    name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO team (name)
SELECT t.value FROM agent, json_each(agent.profile, '$.teams') t;

-- 1: the agent is there for the record, and nothing lets the agent in.
ALTER TABLE agent ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
