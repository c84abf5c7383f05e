-- Services, their standards with every version, the declarations of units, and proofs of what was published.

-- Counts the changes of a city's catalogue. Whoever keeps the catalogue in memory reads what came after the number it knows.
CREATE TABLE service_catalogue (
    institution_id BLOB PRIMARY KEY REFERENCES institution (id),
    revision INTEGER NOT NULL CHECK (revision > 0)
) STRICT;

CREATE TABLE service (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    unit_id BLOB NOT NULL,
    slug TEXT NOT NULL CHECK (slug <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    -- The name as it is compared and sorted: small letters and digits only.
    plain_name TEXT NOT NULL,
    category TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
    -- Everything else that people type, as JSON.
    facts TEXT NOT NULL,
    -- Made as an example, and still to be looked through.
    example INTEGER NOT NULL CHECK (example IN (0, 1)),
    -- The number of the catalogue's change that brought this row as it is.
    revision INTEGER NOT NULL CHECK (revision > 0),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    published_at TEXT,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, slug),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id),
    CHECK (state = 'draft' OR published_at IS NOT NULL)
) STRICT;

CREATE INDEX service_by_unit ON service (institution_id, unit_id, plain_name);
CREATE INDEX service_by_name ON service (institution_id, plain_name, id);
CREATE INDEX service_by_revision ON service (institution_id, revision);

CREATE TABLE service_standard (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL,
    service_id BLOB NOT NULL,
    -- Counts the versions of a service's standard, from 1.
    number INTEGER NOT NULL CHECK (number > 0),
    state TEXT NOT NULL CHECK (state IN ('draft', 'discussed', 'determined', 'published', 'replaced')),
    -- The components with time, fee and requirements, as JSON.
    content TEXT NOT NULL,
    discussed_on TEXT,
    discussed_with TEXT NOT NULL,
    minutes_url TEXT NOT NULL,
    decree_number TEXT NOT NULL,
    decree_on TEXT,
    decree_url TEXT NOT NULL,
    effective_on TEXT,
    published_at TEXT,
    -- SHA-256 of the content as it was published.
    content_hash TEXT,
    -- The last day it was found to be right still; at first the day of the decree.
    reviewed_on TEXT,
    -- How the review stands, as the program noted it: `due` after the yearly target, `overdue` after the limit of the law.
    review TEXT NOT NULL CHECK (review IN ('current', 'due', 'overdue')),
    replaced_at TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, service_id, number),
    FOREIGN KEY (institution_id, service_id) REFERENCES service (institution_id, id),
    CHECK (state IN ('draft', 'discussed') OR (decree_on IS NOT NULL AND effective_on IS NOT NULL)),
    CHECK ((state IN ('published', 'replaced')) = (published_at IS NOT NULL)),
    CHECK ((published_at IS NULL) = (content_hash IS NULL)),
    CHECK ((state = 'replaced') = (replaced_at IS NOT NULL))
) STRICT;

-- One standard is in force, and one at most is in the making.
CREATE UNIQUE INDEX service_standard_in_force ON service_standard (institution_id, service_id) WHERE state = 'published';
CREATE UNIQUE INDEX service_standard_in_making ON service_standard (institution_id, service_id)
    WHERE state IN ('draft', 'discussed', 'determined');
CREATE INDEX service_standard_by_review ON service_standard (institution_id, review, reviewed_on) WHERE state = 'published';

CREATE TABLE service_declaration (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    unit_id BLOB NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'replaced')),
    text TEXT NOT NULL CHECK (text <> ''),
    -- The office that signed it, and not who held it.
    signed_by TEXT NOT NULL,
    signed_on TEXT,
    published_at TEXT,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, unit_id, number),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id),
    CHECK (state = 'draft' OR (signed_by <> '' AND signed_on IS NOT NULL AND published_at IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX service_declaration_in_force ON service_declaration (institution_id, unit_id) WHERE state = 'published';
CREATE UNIQUE INDEX service_declaration_in_making ON service_declaration (institution_id, unit_id) WHERE state = 'draft';

-- What was published where and when, with the SHA-256 of what it said. Rows are added, never changed.
CREATE TABLE service_proof (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    standard_id BLOB,
    declaration_id BLOB,
    medium TEXT NOT NULL CHECK (medium IN ('site', 'board', 'print', 'other')),
    place TEXT NOT NULL CHECK (place <> ''),
    published_on TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    account_id BLOB,
    created_at TEXT NOT NULL,
    FOREIGN KEY (institution_id, standard_id) REFERENCES service_standard (institution_id, id),
    FOREIGN KEY (institution_id, declaration_id) REFERENCES service_declaration (institution_id, id),
    CHECK ((standard_id IS NULL) <> (declaration_id IS NULL))
) STRICT;

CREATE INDEX service_proof_by_standard ON service_proof (institution_id, standard_id, created_at);
CREATE INDEX service_proof_by_declaration ON service_proof (institution_id, declaration_id, created_at);

CREATE TRIGGER service_proof_is_never_changed BEFORE UPDATE ON service_proof
BEGIN
    SELECT RAISE(ABORT, 'a proof of publication is never changed');
END;

CREATE TRIGGER service_proof_is_never_removed BEFORE DELETE ON service_proof
BEGIN
    SELECT RAISE(ABORT, 'a proof of publication is never removed');
END;
