-- A table that waits and one that was taken over; an answer to a unit's own question. Identifiers are those of other rows.
INSERT INTO survey_import (id, institution_id, period_id, file, account_id, sent_on, answers, same, state, content, reason, decided_on)
SELECT id, institution_id, id, 'jawaban.csv', id, '2026-11-20', 1, 0, 'waiting', '[{"waktu":"3"}]', NULL, NULL FROM survey_period;
INSERT INTO survey_import (id, institution_id, period_id, file, account_id, sent_on, answers, same, state, content, reason, decided_on)
SELECT period.institution_id, period.institution_id, period.id, 'lama.csv', period.id, '2026-11-19', 2, 1, 'confirmed', NULL,
    'Lembar asli sudah dilihat.', '2026-11-20'
FROM survey_period period ORDER BY period.id LIMIT 1;
UPDATE survey_suggestion SET question = 1 WHERE suggestion = 'Tambah kursi tunggu.';
UPDATE survey_period SET names = '{"institution":"Kota Contoh","unit":"Dinas Sosial","services":{}}' WHERE state <> 'planned';
