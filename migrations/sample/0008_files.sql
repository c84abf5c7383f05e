-- An attached file of a unit with its blob, a draft, and an upload with a piece; identifiers are those of other rows.
INSERT INTO blob (id, institution_id, hash, bytes, state, added_at)
SELECT id, id, '0000000000000000000000000000000000000000000000000000000000000001', 10, 'kept', '2026-11-21T01:00:00.000000Z'
FROM institution LIMIT 1;
INSERT INTO file (id, institution_id, state, holder_kind, holder_id, sender, name, kind, bytes, sent_hash, blob_id, view_id, width,
    height, latitude, longitude, created_at, ends_at)
SELECT id, id, 'attached', 'unit', (SELECT id FROM unit ORDER BY id LIMIT 1), 'account:test', 'foto.jpg', 'jpeg', 10,
    '0000000000000000000000000000000000000000000000000000000000000002', id, id, 4, 3, -7800000, 110370000,
    '2026-11-21T01:00:00.000000Z', NULL
FROM institution LIMIT 1;
INSERT INTO file (id, institution_id, state, holder_kind, holder_id, sender, name, kind, bytes, sent_hash, blob_id, view_id, width,
    height, latitude, longitude, created_at, ends_at)
SELECT (SELECT id FROM unit ORDER BY id LIMIT 1), id, 'draft', 'unit', NULL, 'account:test', 'surat.pdf', 'pdf', 10,
    '0000000000000000000000000000000000000000000000000000000000000001', id, NULL, NULL, NULL, NULL, NULL,
    '2026-11-21T01:00:00.000000Z', '2026-11-22T01:00:00.000000Z'
FROM institution LIMIT 1;
INSERT INTO upload (id, institution_id, state, holder_kind, sender, name, bytes, received, keep_position, file_id, created_at, ends_at)
SELECT id, id, 'receiving', 'unit', 'account:test', 'arsip.zip', 100, 40, FALSE, NULL, '2026-11-21T01:00:00.000000Z',
    '2026-11-22T01:00:00.000000Z'
FROM institution LIMIT 1;
INSERT INTO upload_piece (institution_id, upload_id, start, bytes, object_id) SELECT id, id, 0, 40, id FROM institution LIMIT 1;
INSERT INTO unit_file (institution_id, unit_id, file_id, category, title, public, added_at)
SELECT id, (SELECT id FROM unit ORDER BY id LIMIT 1), id, 'photo', 'Ruang tunggu', TRUE, '2026-11-21T01:00:00.000000Z'
FROM institution LIMIT 1;
