-- A finding with a measure that is done, what happened to it, and a correlation. Identifiers are those of other rows, which both
-- engines write alike.
INSERT INTO improvement_finding (id, institution_id, unit_id, service_id, source, reference, part, title, said, before_value,
    before_full, source_words, before_on, after_value, after_words, after_on, state, reason, public_said, public_done, version,
    created_at, changed_at, published_at)
SELECT id, institution_id, id, NULL, 'survey', '2026 TW III', 'waktu', 'Waktu pelayanan', 'Terlalu lama menunggu.', '2.870', '4',
    '2026 TW III', '2026-09-30', NULL, '', NULL, 'in-hand', '', '', '', 2, '2026-11-21T01:00:00.000000Z',
    '2026-11-21T01:00:00.000000Z', NULL
FROM unit WHERE state = 'active';
INSERT INTO improvement_measure (id, institution_id, finding_id, number, what, owner_account, owner_role, working_days, planned_on,
    due_on, state, done_words, proof_url, done_by, done_on, verified_by, verified_on, reason, told, version, created_at, changed_at)
SELECT id, institution_id, id, 1, 'Buka satu loket lagi pada pagi hari', NULL, 'unit-admin', 20, '2026-11-02', '2026-11-30', 'done',
    'Loket 4 dibuka.', 'https://contoh.go.id/loket', NULL, '2026-11-20', NULL, NULL, '', 'owner', 3, '2026-11-02T01:00:00.000000Z',
    '2026-11-20T01:00:00.000000Z'
FROM improvement_finding;
INSERT INTO improvement_event (institution_id, finding_id, number, measure_id, act, words, account_id, at)
SELECT institution_id, id, 1, id, 'planned', 'Buka satu loket lagi pada pagi hari', NULL, '2026-11-02T01:00:00.000000Z'
FROM improvement_measure;
INSERT INTO survey_importance (institution_id, period_id, inputs, correlations)
SELECT institution_id, id, '{}', '{"waktu":"0.512"}' FROM survey_period LIMIT 1;
