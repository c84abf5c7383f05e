-- A backup that was made and one that failed; their identifiers are those of other rows, which both engines write alike.
INSERT INTO backup_run (id, backup, place, state, started_at, beat_at, ended_at, bytes, error, verified_at)
SELECT id, '2026-11-20T19-00-00Z-07a1', '/srv/cadangan', 'done', '2026-11-20T19:00:00.000000Z', '2026-11-20T19:00:20.000000Z',
    '2026-11-20T19:00:40.000000Z', 1048576, NULL, '2026-11-21T01:00:00.000000Z'
FROM institution LIMIT 1;
INSERT INTO backup_run (id, backup, place, state, started_at, beat_at, ended_at, bytes, error, verified_at)
SELECT id, '2026-11-21T19-00-00Z-07a2', '/srv/cadangan', 'failed', '2026-11-21T19:00:00.000000Z', '2026-11-21T19:00:00.000000Z',
    '2026-11-21T19:00:01.000000Z', NULL, 'backup.no-room', NULL
FROM unit ORDER BY id LIMIT 1;
INSERT INTO checkup (name, state, seen, advice, looked_at)
VALUES ('queue', 'good', '{"key":"check.queue-idle"}', '{"key":"check.nothing-to-do"}', '2026-11-21T01:00:00.000000Z');
INSERT INTO disk_sample (volume, day, used) VALUES ('database', '2026-11-20', 1048576);
