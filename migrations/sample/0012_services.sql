-- A service with a standard in force and one in the making, a declaration, and the proof of a publication. Identifiers are those
-- of other rows, which both engines write alike; 1 = 0 is `false` on both.
INSERT INTO service_catalogue (institution_id, revision) SELECT id, 1 FROM institution;
INSERT INTO service (id, institution_id, unit_id, slug, name, plain_name, category, state, facts, example, revision, version,
    created_at, changed_at, published_at)
SELECT id, institution_id, id, 'kartu-keluarga-baru', 'Kartu Keluarga baru', 'kartu keluarga baru', 'kependudukan', 'published',
    '{"summary":"Dokumen susunan keluarga.","audience":"","events":["menikah"],"channels":["counter"],"hours":[],"duration":{"amount":1,"unit":"working-days"},"fee":{"kind":"free"},"requirements":["KTP-el pemohon"]}',
    1 = 0, 1, 2, '2026-11-21T01:00:00.000000Z', '2026-11-21T01:00:00.000000Z', '2026-11-21T01:00:00.000000Z'
FROM unit WHERE state = 'active' ORDER BY id LIMIT 1;
INSERT INTO service_standard (id, institution_id, service_id, number, state, content, discussed_on, discussed_with, minutes_url,
    decree_number, decree_on, decree_url, effective_on, published_at, content_hash, reviewed_on, review, replaced_at,
    version, created_at, changed_at)
SELECT id, institution_id, id, 1, 'published', '{"components":{"produk-pelayanan":"Kartu Keluarga"}}', '2026-10-01',
    'Warga dan kelurahan', 'https://contoh.go.id/fkp', '060/12/2026', '2026-11-01', 'https://contoh.go.id/sk', '2026-11-15',
    '2026-11-21T01:00:00.000000Z', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', '2026-11-01', 'current', NULL,
    5, '2026-09-21T01:00:00.000000Z', '2026-11-21T01:00:00.000000Z'
FROM service;
INSERT INTO service_declaration (id, institution_id, unit_id, number, state, text, signed_by, signed_on, published_at, version,
    created_at, changed_at)
SELECT id, institution_id, id, 1, 'published', 'Kami sanggup melayani sesuai Standar Pelayanan.', 'Kepala Dinas', '2026-11-01',
    '2026-11-21T01:00:00.000000Z', 2, '2026-11-01T01:00:00.000000Z', '2026-11-21T01:00:00.000000Z'
FROM unit WHERE state = 'active';
INSERT INTO service_proof (id, institution_id, standard_id, declaration_id, medium, place, published_on, content_hash, account_id,
    created_at)
SELECT id, institution_id, id, NULL, 'site', '/layanan/kartu-keluarga-baru', '2026-11-21',
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', NULL, '2026-11-21T01:00:00.000000Z'
FROM service_standard;
