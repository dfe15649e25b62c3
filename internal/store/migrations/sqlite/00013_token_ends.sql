-- +goose Up

-- From when on a token lets nobody in, 0 for never.
ALTER TABLE token ADD COLUMN ends_at INTEGER NOT NULL DEFAULT 0;
