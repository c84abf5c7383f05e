INSERT INTO published_result (id, family, instrument, subject, subject_name, subject_kind, area_code, unit_name, kind, printed_place,
    year, period, value, order_value, printed_category, printed_label, printed_zone, printed_opinion, respondents, source_address,
    source_title, note, inputs, computed, category, zone, standing, reasons, fingerprint, content, loaded_at)
VALUES ('omb-002', 'ombudsman', 'ombudsman-2015', 'kota-pangkalpinang', 'Kota Pangkalpinang', 'kota', '19.71', '', 'kota',
    'Kota Pangkalpinang', 2021, '2021', '73.14', 731400, '', '', 'kuning', '', NULL, '', 'press reports', '', NULL, NULL, 'Sedang',
    'kuning', 'agrees', '', NULL, 'x', '2026-11-21T01:00:00.000000Z');
