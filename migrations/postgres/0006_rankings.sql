-- Rankings in their order, so that a page of one reads its own rows only; and what falls in which category, without reading rows.
DROP INDEX published_result_by_league;
CREATE INDEX published_result_by_league ON published_result
    (family, year, instrument DESC, order_value DESC, subject_name, unit_name, id, kind);
CREATE INDEX published_result_by_category ON published_result (family, year, instrument DESC, category, kind, order_value);
