-- Personal data: the city's own lines of the register, requests of people about their data, copies handed over, breaches.
-- Everything that people told of themselves is sealed; beside it stands a blind index where it must be found again.

CREATE TABLE privacy_setting (
    institution_id BLOB PRIMARY KEY REFERENCES institution (id),
    -- Published on purpose: who answers for personal data here, and how they are reached.
    officer TEXT NOT NULL,
    contact TEXT NOT NULL,
    recipients TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;

-- What a city does with personal data beside this program.
CREATE TABLE processing_activity (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    title TEXT NOT NULL CHECK (title <> ''),
    purpose TEXT NOT NULL,
    people TEXT NOT NULL,
    basis TEXT NOT NULL,
    recipients TEXT NOT NULL,
    retention TEXT NOT NULL,
    protection TEXT NOT NULL,
    created_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;

CREATE INDEX processing_activity_open ON processing_activity (institution_id, created_at) WHERE ended_at IS NULL;

-- The last number given to a request or a breach of a year. One row that all who ask at once wait for: none is given twice.
CREATE TABLE privacy_counter (
    institution_id BLOB NOT NULL REFERENCES institution (id),
    kind TEXT NOT NULL CHECK (kind IN ('request', 'breach')),
    year INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (institution_id, kind, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE data_request (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    year INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    kind TEXT NOT NULL CHECK (kind IN ('access', 'correction', 'restriction', 'erasure', 'withdrawal')),
    state TEXT NOT NULL CHECK (state IN
        ('received', 'identity-asked', 'verified', 'granted', 'partly-granted', 'refused', 'carried-out', 'closed')),
    version INTEGER NOT NULL,
    -- Whoever asked while signed in.
    account_id BLOB,
    -- Sealed; none any more after the person had them erased.
    name BLOB,
    email BLOB,
    email_index BLOB,
    phone BLOB,
    phone_index BLOB,
    nik BLOB,
    nik_index BLOB,
    about BLOB,
    answer BLOB,
    -- The secret of the link to follow it: its hash alone.
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    verified_by TEXT,
    refusal TEXT,
    restricted INTEGER NOT NULL CHECK (restricted IN (0, 1)),
    received_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    decided_at TEXT,
    closed_at TEXT,
    reminded_at TEXT,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, year, number),
    FOREIGN KEY (institution_id, account_id) REFERENCES account (institution_id, id),
    CHECK ((closed_at IS NOT NULL) = (state = 'closed'))
) STRICT;

CREATE INDEX data_request_open ON data_request (institution_id, due_at) WHERE closed_at IS NULL;
CREATE INDEX data_request_closed ON data_request (institution_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX data_request_by_email ON data_request (institution_id, email_index);
CREATE INDEX data_request_by_phone ON data_request (institution_id, phone_index);
CREATE INDEX data_request_by_nik ON data_request (institution_id, nik_index);

CREATE TABLE data_request_step (
    institution_id BLOB NOT NULL,
    request_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (institution_id, request_id, position),
    FOREIGN KEY (institution_id, request_id) REFERENCES data_request (institution_id, id)
) STRICT;

-- What became of a request in each place where data is kept.
CREATE TABLE data_request_outcome (
    institution_id BLOB NOT NULL,
    request_id BLOB NOT NULL,
    holding TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'nothing', 'kept')),
    row_count INTEGER NOT NULL,
    law TEXT,
    PRIMARY KEY (institution_id, request_id, holding),
    FOREIGN KEY (institution_id, request_id) REFERENCES data_request (institution_id, id)
) STRICT;

-- The copy that somebody asked for, sealed, until they had time to fetch it. Its identifier is that of the request.
CREATE TABLE data_export (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL,
    content BLOB NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    fetched_at TEXT,
    FOREIGN KEY (institution_id, id) REFERENCES data_request (institution_id, id)
) STRICT;

CREATE TABLE breach (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    year INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    state TEXT NOT NULL CHECK (state IN ('open', 'notified', 'closed', 'dismissed')),
    version INTEGER NOT NULL,
    title TEXT NOT NULL CHECK (title <> ''),
    -- Sealed: such a report names people sooner or later.
    what BLOB NOT NULL,
    how BLOB,
    handling BLOB,
    contact TEXT NOT NULL,
    people INTEGER CHECK (people >= 0),
    public_needed INTEGER NOT NULL CHECK (public_needed IN (0, 1)),
    happened_at TEXT,
    known_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    subjects_at TEXT,
    agency_at TEXT,
    public_at TEXT,
    evidence_at TEXT,
    closed_at TEXT,
    -- Hours after which somebody was reminded last.
    reminded INTEGER NOT NULL,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, year, number),
    CHECK ((closed_at IS NOT NULL) = (state IN ('closed', 'dismissed')))
) STRICT;

CREATE INDEX breach_open ON breach (institution_id, due_at) WHERE closed_at IS NULL;

CREATE TABLE breach_holding (
    institution_id BLOB NOT NULL,
    breach_id BLOB NOT NULL,
    holding TEXT NOT NULL,
    PRIMARY KEY (institution_id, breach_id, holding),
    FOREIGN KEY (institution_id, breach_id) REFERENCES breach (institution_id, id)
) STRICT;
