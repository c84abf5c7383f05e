-- A key that was used, a receiver, and a message to it. Identifiers are those of other rows.
INSERT INTO survey_key (id, institution_id, unit_id, label, hash, ending, made_on, used_on, revoked_on)
SELECT id, institution_id, unit_id, 'Mesin antrean', x'0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', 'k7f3', '2026-11-19', '2026-11-20', NULL FROM survey_period LIMIT 1;
INSERT INTO survey_issue (institution_id, key_id, asking, content, period_id)
SELECT institution_id, id, x'0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', x'0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b', id FROM survey_key;
INSERT INTO survey_webhook (id, institution_id, unit_id, url, events, sealed, state, version, made_on)
SELECT id, institution_id, NULL, 'https://penerima.contoh.go.id/survei', 'survey.period.published', x'020001', 'active', 1, '2026-11-19'
FROM survey_key;
INSERT INTO survey_delivery (id, institution_id, webhook_id, event, body, state, made_at, attempts, tried_at, answer)
SELECT id, institution_id, id, 'survey.period.published', '{}', 'delivered', '2026-11-20T01:00:00.000000Z', 1, '2026-11-20T01:00:00.000000Z', '204' FROM survey_webhook;
