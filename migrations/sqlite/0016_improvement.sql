-- Findings, what is done about them, and what happened: from "people said" to "we did", with its proof.

CREATE TABLE improvement_finding (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    unit_id BLOB NOT NULL,
    service_id BLOB,
    -- Where it comes from: the kind, what it is called there, and the part of it that is meant (an element, an indicator).
    source TEXT NOT NULL CHECK (source IN ('survey', 'complaint', 'assessment', 'forum', 'inspection', 'other')),
    reference TEXT NOT NULL CHECK (reference <> ''),
    part TEXT NOT NULL,
    title TEXT NOT NULL CHECK (title <> ''),
    -- What was found or said, in words.
    said TEXT NOT NULL,
    -- The figure before, as a decimal, what a full figure would be, how people call its source, and its day.
    before_value TEXT,
    before_full TEXT,
    source_words TEXT NOT NULL,
    before_on TEXT,
    -- The same figure measured later.
    after_value TEXT,
    after_words TEXT NOT NULL,
    after_on TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'in-hand', 'settled', 'published', 'dropped')),
    -- Why it was dropped.
    reason TEXT NOT NULL,
    -- What the public reads.
    public_said TEXT NOT NULL,
    public_done TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    published_at TEXT,
    UNIQUE (institution_id, id),
    -- A source raises each of its parts once.
    UNIQUE (institution_id, source, reference, part),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id),
    FOREIGN KEY (institution_id, service_id) REFERENCES service (institution_id, id),
    CHECK ((before_value IS NULL) = (before_on IS NULL)),
    CHECK ((after_value IS NULL) = (after_on IS NULL)),
    CHECK ((state = 'published') = (published_at IS NOT NULL)),
    CHECK (state <> 'published' OR (public_said <> '' AND public_done <> '')),
    CHECK (state <> 'dropped' OR reason <> '')
) STRICT;

CREATE INDEX improvement_finding_by_unit ON improvement_finding (institution_id, unit_id, created_at);
CREATE INDEX improvement_finding_public ON improvement_finding (institution_id, published_at) WHERE state = 'published';

CREATE TABLE improvement_measure (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL,
    finding_id BLOB NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    what TEXT NOT NULL CHECK (what <> ''),
    -- Who answers for it: an account, or whoever holds a role in the unit.
    owner_account BLOB,
    owner_role TEXT,
    working_days INTEGER NOT NULL CHECK (working_days > 0),
    planned_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'under-way', 'done', 'verified', 'cancelled')),
    -- What its owner says was done, and where a proof stands; files are held by the measure.
    done_words TEXT NOT NULL,
    proof_url TEXT NOT NULL,
    done_by BLOB,
    done_on TEXT,
    verified_by BLOB,
    verified_on TEXT,
    -- Why it was sent back or cancelled, last.
    reason TEXT NOT NULL,
    -- Whom the program told of the deadline: nobody yet, the owner before it, those who answer for the unit after it.
    told TEXT NOT NULL CHECK (told IN ('nobody', 'owner', 'heads')),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, finding_id, number),
    FOREIGN KEY (institution_id, finding_id) REFERENCES improvement_finding (institution_id, id),
    CHECK ((owner_account IS NULL) <> (owner_role IS NULL)),
    CHECK (planned_on <= due_on),
    CHECK ((state IN ('done', 'verified')) = (done_on IS NOT NULL)),
    CHECK ((state = 'verified') = (verified_on IS NOT NULL)),
    CHECK (state <> 'cancelled' OR reason <> '')
) STRICT;

CREATE INDEX improvement_measure_by_deadline ON improvement_measure (institution_id, told, due_on)
    WHERE state IN ('planned', 'under-way');

-- What happened to a finding, in order. Rows are added, never changed.
CREATE TABLE improvement_event (
    institution_id BLOB NOT NULL,
    finding_id BLOB NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    measure_id BLOB,
    act TEXT NOT NULL,
    words TEXT NOT NULL,
    account_id BLOB,
    at TEXT NOT NULL,
    PRIMARY KEY (institution_id, finding_id, number),
    FOREIGN KEY (institution_id, finding_id) REFERENCES improvement_finding (institution_id, id),
    FOREIGN KEY (institution_id, measure_id) REFERENCES improvement_measure (institution_id, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER improvement_event_is_never_changed BEFORE UPDATE ON improvement_event
BEGIN
    SELECT RAISE(ABORT, 'what happened to a finding is never changed');
END;

CREATE TRIGGER improvement_event_is_never_removed BEFORE DELETE ON improvement_event
BEGIN
    SELECT RAISE(ABORT, 'what happened to a finding is never removed');
END;

-- How each element of a closed period goes together with the others, made once from the answers that count in its inputs.
CREATE TABLE survey_importance (
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    -- The inputs it belongs to: when these change, it is made anew.
    inputs TEXT NOT NULL,
    -- By the key of the element, as JSON: a decimal, or null where it never varies.
    correlations TEXT NOT NULL,
    PRIMARY KEY (institution_id, period_id),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id)
) STRICT, WITHOUT ROWID;
