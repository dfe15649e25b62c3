-- +goose Up

-- A program that does not know of sealed addresses must not begin conversations.
-- +goose StatementBegin
CREATE TRIGGER thread_has_address BEFORE INSERT ON thread WHEN new.key IS NOT NULL AND new.address IS NULL
BEGIN SELECT RAISE(ABORT, 'this program is older than the database: it does not seal addresses'); END;
-- +goose StatementEnd
