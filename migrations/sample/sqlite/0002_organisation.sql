-- A city with an agency, a unit below it, one that was merged, their versions, a logo and a table that waits.
INSERT INTO institution (id, slug, kind, name, short_name, area_code, zone, host, tagline, help, brand, accent, logo_hash,
    demonstration, version, created_at, changed_at)
VALUES
    (x'0198c1a0000070008000000000000001', 'kota-contoh', 'kota', 'Pemerintah Kota Contoh', 'Kota Contoh', '16.71', 'WIB',
        'layanan.contoh.go.id', 'Pelayanan Publik', 'Bagian Organisasi', '#0f4c81', '#f2a900', 'ab12', 0, 1,
        '2026-01-05T01:00:00.000000Z', '2026-01-05T01:00:00.000000Z'),
    (x'0198c1a0000070008000000000000002', 'kabupaten-contoh', 'kabupaten', 'Pemerintah Kabupaten Contoh', 'Kabupaten Contoh',
        NULL, 'WITA', NULL, '', '', NULL, NULL, NULL, 1, 1, '2026-01-06T01:00:00.000000Z', '2026-01-06T01:00:00.000000Z');

INSERT INTO logo (institution_id, hash, content_type, bytes, added_at)
VALUES (x'0198c1a0000070008000000000000001', 'ab12', 'image/svg+xml', x'3c7376672f3e', '2026-01-05T01:00:00.000000Z');

INSERT INTO unit (id, institution_id, parent_id, kind, slug, code, name, short_name, address, phone, email, web, service_class,
    plain_name, state, ended_on, successor_id, version, created_at, changed_at)
VALUES
    (x'0198c1a0000070008000000000000011', x'0198c1a0000070008000000000000001', NULL, 'opd', 'dinas-sosial', '1.06',
        'Dinas Sosial', 'Dinsos', 'Jalan Merdeka 1', '0711 000000', 'dinsos@contoh.go.id', '', 'services', 'dinas sosial',
        'active', NULL, NULL, 1, '2026-01-05T01:00:00.000000Z', '2026-01-05T01:00:00.000000Z'),
    (x'0198c1a0000070008000000000000012', x'0198c1a0000070008000000000000001', x'0198c1a0000070008000000000000011',
        'service-point', 'loket-dinas-sosial', NULL, 'Loket Dinas Sosial', '', '', '', '', '', NULL, 'loket dinas sosial',
        'active', NULL, NULL, 1, '2026-01-05T01:00:00.000000Z', '2026-01-05T01:00:00.000000Z'),
    (x'0198c1a0000070008000000000000013', x'0198c1a0000070008000000000000001', NULL, 'opd', 'dinas-tenaga-kerja', '2.07',
        'Dinas Tenaga Kerja', '', '', '', '', '', NULL, 'dinas tenaga kerja', 'merged', '2026-03-01',
        x'0198c1a0000070008000000000000011', 2, '2026-01-05T01:00:00.000000Z', '2026-03-01T01:00:00.000000Z');

INSERT INTO unit_version (institution_id, unit_id, version, at, account_id, act, facts)
VALUES
    (x'0198c1a0000070008000000000000001', x'0198c1a0000070008000000000000011', 1, '2026-01-05T01:00:00.000000Z', NULL,
        'created',
        '{"id": "0198c1a0-0000-7000-8000-000000000011", "slug": "dinas-sosial", "parent": null, "kind": "opd", "code": "1.06", "name": "Dinas Sosial", "short_name": "Dinsos", "class": "services", "address": "Jalan Merdeka 1", "phone": "0711 000000", "email": "dinsos@contoh.go.id", "web": "", "state": "active", "version": 1, "created_at": "2026-01-05T01:00:00Z", "changed_at": "2026-01-05T01:00:00Z"}'),
    (x'0198c1a0000070008000000000000001', x'0198c1a0000070008000000000000013', 2, '2026-03-01T01:00:00.000000Z',
        x'0198c1a0000070008000000000000021', 'ended',
        '{"id": "0198c1a0-0000-7000-8000-000000000013", "slug": "dinas-tenaga-kerja", "parent": null, "kind": "opd", "code": "2.07", "name": "Dinas Tenaga Kerja", "short_name": "", "class": null, "address": "", "phone": "", "email": "", "web": "", "state": "merged", "on": "2026-03-01", "into": "0198c1a0-0000-7000-8000-000000000011", "version": 2, "created_at": "2026-01-05T01:00:00Z", "changed_at": "2026-03-01T01:00:00Z"}');

INSERT INTO import_draft (id, institution_id, account_id, purpose, content, created_at, expires_at)
VALUES (x'0198c1a0000070008000000000000031', x'0198c1a0000070008000000000000001', x'0198c1a0000070008000000000000021',
    'units', '{}', '2026-01-05T01:00:00.000000Z', '2026-01-05T02:00:00.000000Z');
