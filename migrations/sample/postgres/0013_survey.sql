-- A period of each kind of state, codes and answers. Identifiers are those of other rows.
INSERT INTO survey_period (id, institution_id, unit_id, rhythm, starts_on, ends_on, population, instrument, state, version,
    created_at, opened_at, closed_at, published_at, inputs, all_inputs, result)
SELECT id, institution_id, id, 'quarter', '2026-10-01', '2026-12-31', 1200, 'skm-2017', 'open', 2,
    '2026-09-20T01:00:00.000000Z', '2026-10-01T01:00:00.000000Z', NULL, NULL, NULL, NULL, NULL
FROM unit WHERE state = 'active';
INSERT INTO survey_quota (institution_id, period_id, service_id, wanted)
SELECT period.institution_id, period.id, service.id, 40 FROM survey_period period
JOIN service ON service.institution_id = period.institution_id AND service.unit_id = period.unit_id;
INSERT INTO survey_question (institution_id, period_id, number, question)
SELECT institution_id, id, 1, 'Dari mana Anda tahu layanan ini?' FROM survey_period;
INSERT INTO survey_batch (id, institution_id, period_id, service_id, place, channel, issued, issued_on)
SELECT id, institution_id, id, NULL, 'Loket 1', 'web', 2, '2026-11-20' FROM survey_period;
INSERT INTO survey_token (institution_id, hash, period_id, batch_id)
SELECT institution_id, '\x07070707070707070707070707070707', id, id FROM survey_period LIMIT 1;
INSERT INTO survey_answer (institution_id, period_id, id, service_id, channel, answered_on, answers, sex, age, education, occupation,
    disability, promise_time, promise_fee, promise_requirements, own, excluded, mixed)
SELECT institution_id, id, '\x08080808080808080808080808080808', NULL, 'web', '2026-11-20',
    '{"persyaratan":3,"prosedur":3,"waktu":2,"biaya":4,"produk":3,"kompetensi":3,"perilaku":4,"sarana":3,"pengaduan":4}',
    'L', '30-39', 'sma', 'wiraswasta', 'tidak', TRUE, NULL, FALSE, '{"1":"Dari tetangga"}', FALSE, FALSE
FROM survey_period LIMIT 1;
INSERT INTO survey_incoming (institution_id, period_id, id, channel, answered_on, answers)
SELECT institution_id, id, '\x0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a', 'web', '2026-11-20', '{"waktu":2}' FROM survey_period LIMIT 1;
INSERT INTO survey_suggestion (institution_id, period_id, id, service_id, suggestion)
SELECT institution_id, id, '\x09090909090909090909090909090909', NULL, 'Tambah kursi tunggu.' FROM survey_period LIMIT 1;
INSERT INTO survey_count (institution_id, period_id, service_id, channel, part, value, answers)
SELECT institution_id, id, '00000000-0000-0000-0000-000000000000', 'web', 'total', 29, 1 FROM survey_period LIMIT 1;
INSERT INTO survey_sheet (institution_id, period_id, sheet, account_id, entry)
SELECT institution_id, id, '17', id, '{"waktu":"3"}' FROM survey_period LIMIT 1;
INSERT INTO survey_exclusion (institution_id, period_id, flag, answers, reason, decided_on)
SELECT institution_id, id, 'burst:2026-10-03', 0, 'Diisi petugas dari satu ponsel.', '2026-11-20' FROM survey_period LIMIT 1;
INSERT INTO survey_correction (institution_id, period_id, number, corrected_on, index_before, index_after, reason)
SELECT institution_id, id, 1, '2026-11-20', '81.20', '80.90', 'Jawaban dari satu ponsel dikeluarkan.' FROM survey_period LIMIT 1;
