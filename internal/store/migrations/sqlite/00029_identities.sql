-- +goose Up

-- By what an agent is known to the company's log-in, as HMACs: the e-mail address,
-- until the agent has come by it for the first time, and from then on the subject.
ALTER TABLE agent ADD COLUMN email TEXT;
ALTER TABLE agent ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX agent_email ON agent (email);
CREATE UNIQUE INDEX agent_subject ON agent (subject);
