-- +goose Up

ALTER TABLE agent ADD COLUMN stamp TEXT NOT NULL DEFAULT '';
ALTER TABLE agent ADD COLUMN totp TEXT NOT NULL DEFAULT '';
ALTER TABLE agent ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;

CREATE TABLE recovery (
    agent TEXT  COLLATE "C" NOT NULL REFERENCES agent (name),
    sum   BYTEA NOT NULL,
    PRIMARY KEY (agent, sum)
);

ALTER TABLE token ADD COLUMN used_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX token_agent ON token (agent);

CREATE TABLE audit (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    details TEXT   NOT NULL,
    prev    BYTEA  NOT NULL,
    hash    BYTEA  NOT NULL
);

CREATE TABLE audit_head (
    id     BIGINT PRIMARY KEY,
    seq    BIGINT NOT NULL,
    hash   BYTEA  NOT NULL,
    mac    BYTEA  NOT NULL,
    key_id BYTEA  NOT NULL
);

-- +goose StatementBegin
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is only added to'; END
$$;
-- +goose StatementEnd

CREATE TRIGGER audit_never_changes BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER audit_never_forgets BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();
