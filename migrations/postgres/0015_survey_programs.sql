-- Programs around the survey: keys of queue systems and tablets, receivers that are told of events, and what was sent to them.

-- A key of a program: the right to make codes and to send answers of one unit. Of the key itself only a hash is kept.
CREATE TABLE survey_key (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL REFERENCES institution (id),
    unit_id UUID NOT NULL,
    -- "Mesin antrean lantai 1".
    label TEXT NOT NULL CHECK (label <> ''),
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    -- Its last signs, by which people tell one from another.
    ending TEXT NOT NULL,
    made_on DATE NOT NULL,
    -- The last day it was used, and no finer.
    used_on DATE,
    revoked_on DATE,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, hash),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id)
);

-- What a program asked for under a name of its own, so that asking again gives the same codes. Which codes, nothing here tells.
CREATE TABLE survey_issue (
    institution_id UUID NOT NULL,
    key_id UUID NOT NULL,
    -- Hash of the name.
    asking BYTEA NOT NULL CHECK (length(asking) = 32),
    -- Hash of what was asked for.
    content BYTEA NOT NULL CHECK (length(content) = 32),
    period_id UUID NOT NULL,
    PRIMARY KEY (institution_id, key_id, asking),
    FOREIGN KEY (institution_id, key_id) REFERENCES survey_key (institution_id, id),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id)
);

-- Where other programs are told of events.
CREATE TABLE survey_webhook (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL REFERENCES institution (id),
    -- Nothing: the events of all units.
    unit_id UUID,
    url TEXT NOT NULL CHECK (url <> ''),
    -- Names of events, separated by spaces.
    events TEXT NOT NULL CHECK (events <> ''),
    -- The keys that sign, sealed.
    sealed BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'stopped')),
    version BIGINT NOT NULL CHECK (version > 0),
    made_on DATE NOT NULL,
    UNIQUE (institution_id, id),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id)
);

-- One message to one receiver.
CREATE TABLE survey_delivery (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL,
    webhook_id UUID NOT NULL,
    event TEXT NOT NULL CHECK (event <> ''),
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead')),
    made_at TIMESTAMPTZ NOT NULL,
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    tried_at TIMESTAMPTZ,
    -- What was answered last: a status, or why there was none.
    answer TEXT NOT NULL,
    UNIQUE (institution_id, id),
    FOREIGN KEY (institution_id, webhook_id) REFERENCES survey_webhook (institution_id, id)
);

CREATE INDEX survey_delivery_of_webhook ON survey_delivery (institution_id, webhook_id, made_at);
