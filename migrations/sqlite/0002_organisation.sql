-- Institutions, their logos, their units with every version of each, and tables that wait to be imported.

CREATE TABLE institution (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    slug TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('kota', 'kabupaten', 'provinsi', 'kementerian')),
    name TEXT NOT NULL CHECK (name <> ''),
    short_name TEXT NOT NULL CHECK (short_name <> ''),
    area_code TEXT,
    zone TEXT NOT NULL CHECK (zone IN ('WIB', 'WITA', 'WIT')),
    host TEXT UNIQUE,
    tagline TEXT NOT NULL,
    help TEXT NOT NULL,
    -- Both or none: without them the pages have the colours of the program.
    brand TEXT,
    accent TEXT,
    logo_hash TEXT,
    demonstration INTEGER NOT NULL CHECK (demonstration IN (0, 1)),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    CHECK ((brand IS NULL) = (accent IS NULL))
) STRICT;

-- The institution founded first answers every host that no other one has.
CREATE INDEX institution_in_order ON institution (created_at, id);

-- Logos stay: a page that somebody kept still asks for the one it was made with.
CREATE TABLE logo (
    institution_id BLOB NOT NULL REFERENCES institution (id),
    hash TEXT NOT NULL,
    content_type TEXT NOT NULL CHECK (content_type IN ('image/svg+xml', 'image/png')),
    bytes BLOB NOT NULL,
    added_at TEXT NOT NULL,
    PRIMARY KEY (institution_id, hash)
) STRICT;

CREATE TABLE unit (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    parent_id BLOB,
    kind TEXT NOT NULL CHECK (kind IN ('opd', 'upp', 'sub-unit', 'service-point')),
    slug TEXT NOT NULL CHECK (slug <> ''),
    code TEXT CHECK (code <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    short_name TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    web TEXT NOT NULL,
    service_class TEXT CHECK (service_class IN ('goods', 'services', 'administrative')),
    -- The name as it is compared and sorted: small letters and digits only.
    plain_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'merged', 'retired')),
    ended_on TEXT,
    successor_id BLOB,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, slug),
    UNIQUE (institution_id, code),
    -- A parent and a successor are units of the same institution.
    FOREIGN KEY (institution_id, parent_id) REFERENCES unit (institution_id, id),
    FOREIGN KEY (institution_id, successor_id) REFERENCES unit (institution_id, id),
    CHECK (parent_id <> id),
    CHECK (successor_id <> id),
    CHECK ((state = 'active') = (ended_on IS NULL)),
    CHECK ((state = 'merged') = (successor_id IS NOT NULL))
) STRICT;

CREATE INDEX unit_by_parent ON unit (institution_id, parent_id, plain_name);

-- What a unit was, after each change. Rows are added, never changed.
CREATE TABLE unit_version (
    institution_id BLOB NOT NULL,
    unit_id BLOB NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    at TEXT NOT NULL,
    -- Nobody: a program did it.
    account_id BLOB,
    act TEXT NOT NULL,
    -- The unit as JSON, complete.
    facts TEXT NOT NULL,
    PRIMARY KEY (institution_id, unit_id, version),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id)
) STRICT;

CREATE TRIGGER unit_version_is_never_changed BEFORE UPDATE ON unit_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a unit is never changed');
END;

CREATE TRIGGER unit_version_is_never_removed BEFORE DELETE ON unit_version
BEGIN
    SELECT RAISE(ABORT, 'a version of a unit is never removed');
END;

-- A table somebody sent, between its preview and their decision.
CREATE TABLE import_draft (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    account_id BLOB NOT NULL,
    purpose TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;

CREATE INDEX import_draft_by_end ON import_draft (expires_at);
