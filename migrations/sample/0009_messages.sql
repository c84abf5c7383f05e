-- A message that was sent, one that the server refused, and how somebody wants theirs. Identifiers are those of other rows.
INSERT INTO message (id, institution_id, account_id, kind, category, channel, language, origin, content, state, turn, tries,
    trouble, digest_id, created_at, due_at, handed_at, valid_until, ended_at)
SELECT id, institution_id, id, 'test.sent', 'work', 'mail', 'id', 'https://contoh.go.id', NULL, 'sent', 2, 0, NULL, NULL,
    '2026-11-21T01:00:00.000000Z', NULL, '2026-11-21T01:00:01.000000Z', NULL, '2026-11-21T01:00:02.000000Z'
FROM account WHERE state = 'active';
INSERT INTO message (id, institution_id, account_id, kind, category, channel, language, origin, content, state, turn, tries,
    trouble, digest_id, created_at, due_at, handed_at, valid_until, ended_at)
SELECT id, institution_id, id, 'test.refused', 'security', 'mail', NULL, 'https://contoh.go.id', NULL, 'refused', 1, 0,
    'refused-for-good 550', NULL, '2026-11-21T01:00:00.000000Z', NULL, NULL, '2026-11-22T01:00:00.000000Z',
    '2026-11-21T01:00:02.000000Z'
FROM account WHERE state = 'invited';
INSERT INTO message_preference (institution_id, account_id, language, work, summary, digest_days, quiet_from, quiet_until,
    changed_at)
SELECT institution_id, id, 'en', 'daily', 'never', 'working-days', 1200, 390, '2026-11-21T01:00:00.000000Z'
FROM account WHERE state = 'active';
