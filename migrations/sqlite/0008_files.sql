-- What is kept by its content. `id` names the object in the place and is never used again: so an object that is being deleted
-- can never be the one that somebody stores at that moment. A condemned object is deleted, then its row.
CREATE TABLE blob (
    id             BLOB    PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB    NOT NULL CHECK (length(institution_id) = 16),
    hash           TEXT    NOT NULL CHECK (length(hash) = 64),
    bytes          INTEGER NOT NULL CHECK (bytes > 0),
    state          TEXT    NOT NULL CHECK (state IN ('kept', 'condemned')),
    added_at       TEXT    NOT NULL,
    UNIQUE (institution_id, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX blob_by_hash ON blob (institution_id, hash) WHERE state = 'kept';
CREATE INDEX blob_condemned ON blob (institution_id, id) WHERE state = 'condemned';

-- A file somebody sent: a draft of its sender, then attached to one holder, then released. `blob_id` is what is downloaded,
-- `view_id` what is shown in the browser. `sent_hash` is the evidence of what was sent. The position of a photograph is in
-- millionths of a degree.
CREATE TABLE file (
    id             BLOB    PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB    NOT NULL CHECK (length(institution_id) = 16),
    state          TEXT    NOT NULL CHECK (state IN ('draft', 'attached', 'released')),
    holder_kind    TEXT    NOT NULL CHECK (holder_kind <> ''),
    holder_id      BLOB     CHECK (length(holder_id) = 16),
    sender         TEXT    NOT NULL CHECK (sender <> ''),
    name           TEXT    NOT NULL CHECK (name <> ''),
    kind           TEXT    NOT NULL CHECK (kind <> ''),
    bytes          INTEGER NOT NULL CHECK (bytes > 0),
    sent_hash      TEXT    NOT NULL CHECK (length(sent_hash) = 64),
    blob_id        BLOB    NOT NULL CHECK (length(blob_id) = 16),
    view_id        BLOB     CHECK (length(view_id) = 16),
    width          INTEGER,
    height         INTEGER,
    latitude       INTEGER CHECK (latitude BETWEEN -90000000 AND 90000000),
    longitude      INTEGER CHECK (longitude BETWEEN -180000000 AND 180000000),
    created_at     TEXT    NOT NULL,
    ends_at        TEXT,
    CHECK ((holder_id IS NULL) = (state = 'draft')),
    CHECK ((ends_at IS NULL) = (state = 'attached')),
    CHECK ((latitude IS NULL) = (longitude IS NULL)),
    UNIQUE (institution_id, id),
    FOREIGN KEY (institution_id, blob_id) REFERENCES blob (institution_id, id),
    FOREIGN KEY (institution_id, view_id) REFERENCES blob (institution_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX file_by_holder ON file (institution_id, holder_kind, holder_id) WHERE state = 'attached';
CREATE INDEX file_by_sender ON file (institution_id, sender) WHERE state = 'draft';
CREATE INDEX file_by_end ON file (institution_id, ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX file_by_blob ON file (blob_id);
CREATE INDEX file_by_view ON file (view_id) WHERE view_id IS NOT NULL;

-- A file on its way, in pieces. A finished one names its file until it ends, for whoever missed the answer.
CREATE TABLE upload (
    id             BLOB    PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB    NOT NULL CHECK (length(institution_id) = 16),
    state          TEXT    NOT NULL CHECK (state IN ('receiving', 'finished')),
    holder_kind    TEXT    NOT NULL CHECK (holder_kind <> ''),
    sender         TEXT    NOT NULL CHECK (sender <> ''),
    name           TEXT    NOT NULL CHECK (name <> ''),
    bytes          INTEGER NOT NULL CHECK (bytes > 0),
    received       INTEGER NOT NULL CHECK (received BETWEEN 0 AND bytes),
    keep_position  INTEGER NOT NULL CHECK (keep_position IN (0, 1)),
    file_id        BLOB     CHECK (length(file_id) = 16),
    created_at     TEXT    NOT NULL,
    ends_at        TEXT    NOT NULL,
    CHECK ((file_id IS NOT NULL) = (state = 'finished'))
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_by_sender ON upload (institution_id, sender);
CREATE INDEX upload_by_end ON upload (institution_id, ends_at);

-- A piece that is in the place.
CREATE TABLE upload_piece (
    institution_id BLOB    NOT NULL CHECK (length(institution_id) = 16),
    upload_id      BLOB    NOT NULL REFERENCES upload (id) CHECK (length(upload_id) = 16),
    start          INTEGER NOT NULL CHECK (start >= 0),
    bytes          INTEGER NOT NULL CHECK (bytes > 0),
    object_id      BLOB    NOT NULL CHECK (length(object_id) = 16),
    PRIMARY KEY (upload_id, start)
) STRICT, WITHOUT ROWID;

-- Documents and photographs of a unit.
CREATE TABLE unit_file (
    institution_id BLOB    NOT NULL CHECK (length(institution_id) = 16),
    unit_id        BLOB    NOT NULL CHECK (length(unit_id) = 16),
    file_id        BLOB    PRIMARY KEY CHECK (length(file_id) = 16),
    category       TEXT    NOT NULL CHECK (category IN ('photo', 'document')),
    title          TEXT    NOT NULL CHECK (title <> ''),
    public         INTEGER NOT NULL CHECK (public IN (0, 1)),
    added_at       TEXT    NOT NULL,
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id),
    FOREIGN KEY (institution_id, file_id) REFERENCES file (institution_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX unit_file_by_unit ON unit_file (institution_id, unit_id, added_at);
