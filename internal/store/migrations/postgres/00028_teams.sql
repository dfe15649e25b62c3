-- +goose Up

CREATE TABLE team (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY
);

INSERT INTO team (name)
SELECT DISTINCT t.value FROM agent, jsonb_array_elements_text(COALESCE(profile::jsonb -> 'teams', '[]')) AS t (value);

ALTER TABLE agent ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
