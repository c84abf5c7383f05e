-- What surveys said of single services, whether the addresses of a unit answer, and the files of services and their standards.

-- The satisfaction with a service in one published result. Groups too small to be shown have no row.
CREATE TABLE service_figure (
    institution_id BLOB NOT NULL,
    service_id BLOB NOT NULL,
    -- The published result it is a part of.
    result TEXT NOT NULL REFERENCES published_result (id),
    instrument TEXT NOT NULL CHECK (instrument <> ''),
    value TEXT NOT NULL CHECK (value <> ''),
    answers INTEGER NOT NULL CHECK (answers > 0),
    period TEXT NOT NULL CHECK (period <> ''),
    starts_on TEXT NOT NULL,
    -- What the value is computed from, as JSON.
    inputs TEXT NOT NULL,
    PRIMARY KEY (institution_id, service_id, result),
    FOREIGN KEY (institution_id, service_id) REFERENCES service (institution_id, id)
) STRICT;

CREATE INDEX service_figure_by_result ON service_figure (institution_id, result);

-- How the page, mail address and telephone of a unit were found to be.
CREATE TABLE contact_check (
    institution_id BLOB NOT NULL,
    unit_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('page', 'mail', 'phone')),
    -- What was looked at: another one since then was not looked at yet.
    target TEXT NOT NULL CHECK (target <> ''),
    state TEXT NOT NULL CHECK (state IN ('works', 'unsure', 'dead')),
    -- What was wrong; empty when nothing was.
    fault TEXT NOT NULL,
    looked_at TEXT NOT NULL,
    worked_at TEXT,
    -- When the people of the unit were told that it is dead.
    told_at TEXT,
    PRIMARY KEY (institution_id, unit_id, kind),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id),
    CHECK ((state = 'works') = (fault = ''))
) STRICT;

CREATE INDEX contact_check_by_state ON contact_check (institution_id, state);

-- Minutes, decrees and forms that were sent as files.
CREATE TABLE service_file (
    institution_id BLOB NOT NULL CHECK (length(institution_id) = 16),
    service_id BLOB NOT NULL CHECK (length(service_id) = 16),
    file_id BLOB PRIMARY KEY CHECK (length(file_id) = 16),
    role TEXT NOT NULL CHECK (role IN ('form', 'minutes', 'decree')),
    -- The version of the standard that minutes and decrees belong to.
    standard_id BLOB,
    title TEXT NOT NULL CHECK (title <> ''),
    added_at TEXT NOT NULL,
    FOREIGN KEY (institution_id, service_id) REFERENCES service (institution_id, id),
    FOREIGN KEY (institution_id, standard_id) REFERENCES service_standard (institution_id, id),
    FOREIGN KEY (institution_id, file_id) REFERENCES file (institution_id, id),
    CHECK ((role = 'form') = (standard_id IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX service_file_by_service ON service_file (institution_id, service_id, added_at);
