-- Results that agencies published: public reference data of the nation, the same for every institution of an installation, and
-- therefore without institution_id. Values are decimal texts as printed; order_value is the value in ten-thousandths, for sorting.
CREATE TABLE published_result (
    id             TEXT   PRIMARY KEY,
    family         TEXT   NOT NULL CHECK (family IN ('ipp', 'ombudsman', 'skm')),
    instrument     TEXT   NOT NULL,
    subject        TEXT   NOT NULL,
    subject_name   TEXT   NOT NULL,
    subject_kind   TEXT   NOT NULL,
    area_code      TEXT,
    unit_name      TEXT   NOT NULL,
    kind           TEXT   NOT NULL,
    printed_place  TEXT   NOT NULL,
    year           BIGINT,
    period         TEXT   NOT NULL,
    value          TEXT,
    order_value    BIGINT,
    printed_category TEXT NOT NULL,
    printed_label  TEXT   NOT NULL,
    printed_zone   TEXT   NOT NULL,
    printed_opinion TEXT  NOT NULL,
    respondents    BIGINT,
    source_address TEXT   NOT NULL,
    source_title   TEXT   NOT NULL,
    note           TEXT   NOT NULL,
    inputs         TEXT,
    computed       TEXT,
    category       TEXT   NOT NULL,
    zone           TEXT   NOT NULL,
    standing       TEXT   NOT NULL CHECK (standing IN ('agrees', 'differs', 'nothing-to-compare')),
    reasons        TEXT   NOT NULL,
    fingerprint    TEXT,
    content        TEXT   NOT NULL,
    loaded_at      TIMESTAMPTZ NOT NULL
);

CREATE INDEX published_result_by_subject ON published_result (subject, family, year);
CREATE INDEX published_result_by_league ON published_result (family, year, order_value);
