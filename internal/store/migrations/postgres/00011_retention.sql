-- +goose Up

CREATE TABLE audit_foot (
    id   BIGINT PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash BYTEA  NOT NULL,
    mac  BYTEA  NOT NULL
);

-- +goose StatementBegin
CREATE FUNCTION audit_keeps_its_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.seq > coalesce((SELECT seq FROM audit_foot WHERE id = 1), 0) THEN
        RAISE EXCEPTION 'the audit log is only added to';
    END IF;
    RETURN old;
END
$$;
-- +goose StatementEnd

DROP TRIGGER audit_never_changes ON audit;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER audit_keeps_its_end BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_keeps_its_end();

ALTER TABLE thread ADD COLUMN address BYTEA;

CREATE INDEX erasure_at ON erasure (erased_at);
