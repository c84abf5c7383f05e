-- Institutions, their logos, their units with every version of each, and tables that wait to be imported.

CREATE TABLE institution (
    id UUID PRIMARY KEY,
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
    demonstration BOOLEAN NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    CHECK ((brand IS NULL) = (accent IS NULL))
);

-- The institution founded first answers every host that no other one has.
CREATE INDEX institution_in_order ON institution (created_at, id);

-- Logos stay: a page that somebody kept still asks for the one it was made with.
CREATE TABLE logo (
    institution_id UUID NOT NULL REFERENCES institution (id),
    hash TEXT NOT NULL,
    content_type TEXT NOT NULL CHECK (content_type IN ('image/svg+xml', 'image/png')),
    bytes BYTEA NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (institution_id, hash)
);

CREATE TABLE unit (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL REFERENCES institution (id),
    parent_id UUID,
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
    ended_on DATE,
    successor_id UUID,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
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
);

CREATE INDEX unit_by_parent ON unit (institution_id, parent_id, plain_name);

-- What a unit was, after each change. Rows are added, never changed.
CREATE TABLE unit_version (
    institution_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    at TIMESTAMPTZ NOT NULL,
    -- Nobody: a program did it.
    account_id UUID,
    act TEXT NOT NULL,
    -- The unit as JSON, complete.
    facts TEXT NOT NULL,
    PRIMARY KEY (institution_id, unit_id, version),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id)
);

CREATE FUNCTION unit_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a unit is never changed or removed';
END;
$$;

CREATE TRIGGER unit_version_is_never_changed BEFORE UPDATE OR DELETE ON unit_version
FOR EACH ROW EXECUTE FUNCTION unit_version_stays();

-- A table somebody sent, between its preview and their decision.
CREATE TABLE import_draft (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL REFERENCES institution (id),
    account_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX import_draft_by_end ON import_draft (expires_at);
