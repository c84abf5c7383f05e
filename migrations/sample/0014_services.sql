-- A figure of a service, a unit whose page is dead, and a form that was sent as a file.
INSERT INTO service_figure (institution_id, service_id, result, instrument, value, answers, period, starts_on, inputs)
SELECT institution_id, id, 'omb-001', 'skm-2017', '84.72', 40, '2026 TW III', '2026-07-01', '{}' FROM service;
INSERT INTO contact_check (institution_id, unit_id, kind, target, state, fault, looked_at, worked_at, told_at)
SELECT institution_id, id, 'page', 'https://dinas.contoh.go.id', 'dead', 'no-answer', '2026-11-21T01:00:00.000000Z', NULL, NULL
FROM unit WHERE state = 'active' ORDER BY id LIMIT 1;
INSERT INTO service_file (institution_id, service_id, file_id, role, standard_id, title, added_at)
SELECT service.institution_id, service.id, file.id, 'form', NULL, 'Formulir F-1.01', '2026-11-21T01:00:00.000000Z'
FROM service JOIN file ON file.institution_id = service.institution_id WHERE file.state = 'attached';
