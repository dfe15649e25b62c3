-- +goose Up

-- What is settled for good is deleted after a while, the oldest first.
CREATE INDEX outbox_done ON outbox (changed_at) WHERE status IN ('sent', 'resent', 'dropped');
