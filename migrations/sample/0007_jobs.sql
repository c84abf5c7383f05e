-- Two jobs of a city; their identifiers are those of other rows, which both engines write alike.
INSERT INTO job (id, institution_id, kind, key, payload, state, attempt, fence, due_at, ended_at, error)
SELECT id, id, 'test.waiting', 'one', '{"step":1}', 'waiting', 1, 1, '2026-11-21T01:00:00.000000Z', NULL, 'test.refused'
FROM institution LIMIT 1;
INSERT INTO job (id, institution_id, kind, key, payload, state, attempt, fence, due_at, ended_at, error)
SELECT (SELECT id FROM unit ORDER BY id LIMIT 1), id, 'test.dead', NULL, '{}', 'dead', 8, 8, NULL,
    '2026-11-21T01:00:00.000000Z', 'test.refused: no answer'
FROM institution LIMIT 1;
INSERT INTO leader (name, holder, fence, held_until) VALUES ('schedules', 'node-1', 3, '2026-11-21T01:00:30.000000Z');
INSERT INTO schedule (name, seen_until) VALUES ('jobs.sweep', '2026-11-21T01:00:00.000000Z');
