-- +goose Up

-- The replies of an outcome are in the transcript: their numbers suffice.
UPDATE inbox SET outcome = jsonb_set(outcome::jsonb, '{replies}',
    (SELECT coalesce(jsonb_agg(reply -> 'seq'), '[]') FROM jsonb_array_elements(outcome::jsonb -> 'replies') AS reply))::text
WHERE jsonb_typeof(outcome::jsonb -> 'replies') = 'array';
