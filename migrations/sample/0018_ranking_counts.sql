INSERT INTO published_count (family, year, kind, instrument, category, results)
VALUES ('ombudsman', 2022, 'kota', 'ombudsman-2015', 'Sedang', 3);
