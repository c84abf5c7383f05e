-- What is kept by its content. `id` names the object in the place and is never used again: so an object that is being deleted
-- can never be the one that somebody stores at that moment. A condemned object is deleted, then its row.
CREATE TABLE blob (
    id             UUID        PRIMARY KEY,
    institution_id UUID        NOT NULL,
    hash           TEXT        NOT NULL CHECK (length(hash) = 64),
    bytes          BIGINT      NOT NULL CHECK (bytes > 0),
    state          TEXT        NOT NULL CHECK (state IN ('kept', 'condemned')),
    added_at       TIMESTAMPTZ NOT NULL,
    UNIQUE (institution_id, id)
);

CREATE UNIQUE INDEX blob_by_hash ON blob (institution_id, hash) WHERE state = 'kept';
CREATE INDEX blob_condemned ON blob (institution_id, id) WHERE state = 'condemned';

-- A file somebody sent: a draft of its sender, then attached to one holder, then released. `blob_id` is what is downloaded,
-- `view_id` what is shown in the browser. `sent_hash` is the evidence of what was sent. The position of a photograph is in
-- millionths of a degree.
CREATE TABLE file (
    id             UUID        PRIMARY KEY,
    institution_id UUID        NOT NULL,
    state          TEXT        NOT NULL CHECK (state IN ('draft', 'attached', 'released')),
    holder_kind    TEXT        NOT NULL CHECK (holder_kind <> ''),
    holder_id      UUID,
    sender         TEXT        NOT NULL CHECK (sender <> ''),
    name           TEXT        NOT NULL CHECK (name <> ''),
    kind           TEXT        NOT NULL CHECK (kind <> ''),
    bytes          BIGINT      NOT NULL CHECK (bytes > 0),
    sent_hash      TEXT        NOT NULL CHECK (length(sent_hash) = 64),
    blob_id        UUID        NOT NULL,
    view_id        UUID,
    width          BIGINT,
    height         BIGINT,
    latitude       BIGINT CHECK (latitude BETWEEN -90000000 AND 90000000),
    longitude      BIGINT CHECK (longitude BETWEEN -180000000 AND 180000000),
    created_at     TIMESTAMPTZ NOT NULL,
    ends_at        TIMESTAMPTZ,
    CHECK ((holder_id IS NULL) = (state = 'draft')),
    CHECK ((ends_at IS NULL) = (state = 'attached')),
    CHECK ((latitude IS NULL) = (longitude IS NULL)),
    UNIQUE (institution_id, id),
    FOREIGN KEY (institution_id, blob_id) REFERENCES blob (institution_id, id),
    FOREIGN KEY (institution_id, view_id) REFERENCES blob (institution_id, id)
);

CREATE INDEX file_by_holder ON file (institution_id, holder_kind, holder_id) WHERE state = 'attached';
CREATE INDEX file_by_sender ON file (institution_id, sender) WHERE state = 'draft';
CREATE INDEX file_by_end ON file (institution_id, ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX file_by_blob ON file (blob_id);
CREATE INDEX file_by_view ON file (view_id) WHERE view_id IS NOT NULL;

-- A file on its way, in pieces. A finished one names its file until it ends, for whoever missed the answer.
CREATE TABLE upload (
    id             UUID        PRIMARY KEY,
    institution_id UUID        NOT NULL,
    state          TEXT        NOT NULL CHECK (state IN ('receiving', 'finished')),
    holder_kind    TEXT        NOT NULL CHECK (holder_kind <> ''),
    sender         TEXT        NOT NULL CHECK (sender <> ''),
    name           TEXT        NOT NULL CHECK (name <> ''),
    bytes          BIGINT      NOT NULL CHECK (bytes > 0),
    received       BIGINT      NOT NULL CHECK (received BETWEEN 0 AND bytes),
    keep_position  BOOLEAN     NOT NULL,
    file_id        UUID,
    created_at     TIMESTAMPTZ NOT NULL,
    ends_at        TIMESTAMPTZ NOT NULL,
    CHECK ((file_id IS NOT NULL) = (state = 'finished'))
);

CREATE INDEX upload_by_sender ON upload (institution_id, sender);
CREATE INDEX upload_by_end ON upload (institution_id, ends_at);

-- A piece that is in the place.
CREATE TABLE upload_piece (
    institution_id UUID   NOT NULL,
    upload_id      UUID   NOT NULL REFERENCES upload (id),
    start          BIGINT NOT NULL CHECK (start >= 0),
    bytes          BIGINT NOT NULL CHECK (bytes > 0),
    object_id      UUID   NOT NULL,
    PRIMARY KEY (upload_id, start)
);

-- Documents and photographs of a unit.
CREATE TABLE unit_file (
    institution_id UUID        NOT NULL,
    unit_id        UUID        NOT NULL,
    file_id        UUID        PRIMARY KEY,
    category       TEXT        NOT NULL CHECK (category IN ('photo', 'document')),
    title          TEXT        NOT NULL CHECK (title <> ''),
    public         BOOLEAN     NOT NULL,
    added_at       TIMESTAMPTZ NOT NULL,
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id),
    FOREIGN KEY (institution_id, file_id) REFERENCES file (institution_id, id)
);

CREATE INDEX unit_file_by_unit ON unit_file (institution_id, unit_id, added_at);
