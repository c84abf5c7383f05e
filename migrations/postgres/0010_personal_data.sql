-- Personal data: the city's own lines of the register, requests of people about their data, copies handed over, breaches.
-- Everything that people told of themselves is sealed; beside it stands a blind index where it must be found again.

CREATE TABLE privacy_setting (
    institution_id UUID PRIMARY KEY REFERENCES institution (id),
    -- Published on purpose: who answers for personal data here, and how they are reached.
    officer TEXT NOT NULL,
    contact TEXT NOT NULL,
    recipients TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);

-- What a city does with personal data beside this program.
CREATE TABLE processing_activity (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL REFERENCES institution (id),
    title TEXT NOT NULL CHECK (title <> ''),
    purpose TEXT NOT NULL,
    people TEXT NOT NULL,
    basis TEXT NOT NULL,
    recipients TEXT NOT NULL,
    retention TEXT NOT NULL,
    protection TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);

CREATE INDEX processing_activity_open ON processing_activity (institution_id, created_at) WHERE ended_at IS NULL;

-- The last number given to a request or a breach of a year. One row that all who ask at once wait for: none is given twice.
CREATE TABLE privacy_counter (
    institution_id UUID NOT NULL REFERENCES institution (id),
    kind TEXT NOT NULL CHECK (kind IN ('request', 'breach')),
    year BIGINT NOT NULL,
    last BIGINT NOT NULL CHECK (last > 0),
    PRIMARY KEY (institution_id, kind, year)
);

CREATE TABLE data_request (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL REFERENCES institution (id),
    year BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    kind TEXT NOT NULL CHECK (kind IN ('access', 'correction', 'restriction', 'erasure', 'withdrawal')),
    state TEXT NOT NULL CHECK (state IN
        ('received', 'identity-asked', 'verified', 'granted', 'partly-granted', 'refused', 'carried-out', 'closed')),
    version BIGINT NOT NULL,
    -- Whoever asked while signed in.
    account_id UUID,
    -- Sealed; none any more after the person had them erased.
    name BYTEA,
    email BYTEA,
    email_index BYTEA,
    phone BYTEA,
    phone_index BYTEA,
    nik BYTEA,
    nik_index BYTEA,
    about BYTEA,
    answer BYTEA,
    -- The secret of the link to follow it: its hash alone.
    token_hash BYTEA NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    verified_by TEXT,
    refusal TEXT,
    restricted BOOLEAN NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    decided_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    reminded_at TIMESTAMPTZ,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, year, number),
    FOREIGN KEY (institution_id, account_id) REFERENCES account (institution_id, id),
    CHECK ((closed_at IS NOT NULL) = (state = 'closed'))
);

CREATE INDEX data_request_open ON data_request (institution_id, due_at) WHERE closed_at IS NULL;
CREATE INDEX data_request_closed ON data_request (institution_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX data_request_by_email ON data_request (institution_id, email_index);
CREATE INDEX data_request_by_phone ON data_request (institution_id, phone_index);
CREATE INDEX data_request_by_nik ON data_request (institution_id, nik_index);

CREATE TABLE data_request_step (
    institution_id UUID NOT NULL,
    request_id UUID NOT NULL,
    position BIGINT NOT NULL,
    state TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (institution_id, request_id, position),
    FOREIGN KEY (institution_id, request_id) REFERENCES data_request (institution_id, id)
);

-- What became of a request in each place where data is kept.
CREATE TABLE data_request_outcome (
    institution_id UUID NOT NULL,
    request_id UUID NOT NULL,
    holding TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'nothing', 'kept')),
    row_count BIGINT NOT NULL,
    law TEXT,
    PRIMARY KEY (institution_id, request_id, holding),
    FOREIGN KEY (institution_id, request_id) REFERENCES data_request (institution_id, id)
);

-- The copy that somebody asked for, sealed, until they had time to fetch it. Its identifier is that of the request.
CREATE TABLE data_export (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL,
    content BYTEA NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    fetched_at TIMESTAMPTZ,
    FOREIGN KEY (institution_id, id) REFERENCES data_request (institution_id, id)
);

CREATE TABLE breach (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL REFERENCES institution (id),
    year BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    state TEXT NOT NULL CHECK (state IN ('open', 'notified', 'closed', 'dismissed')),
    version BIGINT NOT NULL,
    title TEXT NOT NULL CHECK (title <> ''),
    -- Sealed: such a report names people sooner or later.
    what BYTEA NOT NULL,
    how BYTEA,
    handling BYTEA,
    contact TEXT NOT NULL,
    people BIGINT CHECK (people >= 0),
    public_needed BOOLEAN NOT NULL,
    happened_at TIMESTAMPTZ,
    known_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    subjects_at TIMESTAMPTZ,
    agency_at TIMESTAMPTZ,
    public_at TIMESTAMPTZ,
    evidence_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    -- Hours after which somebody was reminded last.
    reminded BIGINT NOT NULL,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, year, number),
    CHECK ((closed_at IS NOT NULL) = (state IN ('closed', 'dismissed')))
);

CREATE INDEX breach_open ON breach (institution_id, due_at) WHERE closed_at IS NULL;

CREATE TABLE breach_holding (
    institution_id UUID NOT NULL,
    breach_id UUID NOT NULL,
    holding TEXT NOT NULL,
    PRIMARY KEY (institution_id, breach_id, holding),
    FOREIGN KEY (institution_id, breach_id) REFERENCES breach (institution_id, id)
);
