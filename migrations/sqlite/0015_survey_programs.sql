-- Programs around the survey: keys of queue systems and tablets, receivers that are told of events, and what was sent to them.

-- A key of a program: the right to make codes and to send answers of one unit. Of the key itself only a hash is kept.
CREATE TABLE survey_key (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    unit_id BLOB NOT NULL,
    -- "Mesin antrean lantai 1".
    label TEXT NOT NULL CHECK (label <> ''),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    -- Its last signs, by which people tell one from another.
    ending TEXT NOT NULL,
    made_on TEXT NOT NULL,
    -- The last day it was used, and no finer.
    used_on TEXT,
    revoked_on TEXT,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, hash),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id)
) STRICT;

-- What a program asked for under a name of its own, so that asking again gives the same codes. Which codes, nothing here tells.
CREATE TABLE survey_issue (
    institution_id BLOB NOT NULL,
    key_id BLOB NOT NULL,
    -- Hash of the name.
    asking BLOB NOT NULL CHECK (length(asking) = 32),
    -- Hash of what was asked for.
    content BLOB NOT NULL CHECK (length(content) = 32),
    period_id BLOB NOT NULL,
    PRIMARY KEY (institution_id, key_id, asking),
    FOREIGN KEY (institution_id, key_id) REFERENCES survey_key (institution_id, id),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id)
) STRICT, WITHOUT ROWID;

-- Where other programs are told of events.
CREATE TABLE survey_webhook (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    -- Nothing: the events of all units.
    unit_id BLOB,
    url TEXT NOT NULL CHECK (url <> ''),
    -- Names of events, separated by spaces.
    events TEXT NOT NULL CHECK (events <> ''),
    -- The keys that sign, sealed.
    sealed BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'stopped')),
    version INTEGER NOT NULL CHECK (version > 0),
    made_on TEXT NOT NULL,
    UNIQUE (institution_id, id),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id)
) STRICT;

-- One message to one receiver.
CREATE TABLE survey_delivery (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL,
    webhook_id BLOB NOT NULL,
    event TEXT NOT NULL CHECK (event <> ''),
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
    made_at TEXT NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    tried_at TEXT,
    -- What was answered last: a status, or why there was none.
    answer TEXT NOT NULL,
    UNIQUE (institution_id, id),
    FOREIGN KEY (institution_id, webhook_id) REFERENCES survey_webhook (institution_id, id)
) STRICT;

CREATE INDEX survey_delivery_of_webhook ON survey_delivery (institution_id, webhook_id, made_at);
