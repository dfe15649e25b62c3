-- +goose Up

-- The replies of an outcome are in the transcript: their numbers suffice.
UPDATE inbox SET outcome = json_set(outcome, '$.replies', json((
    SELECT json_group_array(value ->> 'seq') FROM json_each(outcome, '$.replies') WHERE type = 'object')))
WHERE json_type(outcome, '$.replies') = 'array';
