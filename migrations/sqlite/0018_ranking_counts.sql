-- How many results a ranking has in each category, so that a page of one reads its own rows only, however many there are.
CREATE TABLE published_count (
    family TEXT NOT NULL,
    year INTEGER NOT NULL,
    kind TEXT NOT NULL,
    instrument TEXT NOT NULL,
    category TEXT NOT NULL,
    results INTEGER NOT NULL CHECK (results > 0),
    PRIMARY KEY (family, year, kind, instrument, category)
) STRICT, WITHOUT ROWID;

INSERT INTO published_count (family, year, kind, instrument, category, results)
SELECT family, year, kind, instrument, category, COUNT(*) FROM published_result
WHERE order_value IS NOT NULL AND year IS NOT NULL GROUP BY family, year, kind, instrument, category;

DROP INDEX published_result_by_category;
