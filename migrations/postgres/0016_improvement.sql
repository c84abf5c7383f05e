-- Findings, what is done about them, and what happened: from "people said" to "we did", with its proof.

CREATE TABLE improvement_finding (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL REFERENCES institution (id),
    unit_id UUID NOT NULL,
    service_id UUID,
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
    before_on DATE,
    -- The same figure measured later.
    after_value TEXT,
    after_words TEXT NOT NULL,
    after_on DATE,
    state TEXT NOT NULL CHECK (state IN ('open', 'in-hand', 'settled', 'published', 'dropped')),
    -- Why it was dropped.
    reason TEXT NOT NULL,
    -- What the public reads.
    public_said TEXT NOT NULL,
    public_done TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    published_at TIMESTAMPTZ,
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
);

CREATE INDEX improvement_finding_by_unit ON improvement_finding (institution_id, unit_id, created_at);
CREATE INDEX improvement_finding_public ON improvement_finding (institution_id, published_at) WHERE state = 'published';

CREATE TABLE improvement_measure (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL,
    finding_id UUID NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    what TEXT NOT NULL CHECK (what <> ''),
    -- Who answers for it: an account, or whoever holds a role in the unit.
    owner_account UUID,
    owner_role TEXT,
    working_days BIGINT NOT NULL CHECK (working_days > 0),
    planned_on DATE NOT NULL,
    due_on DATE NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'under-way', 'done', 'verified', 'cancelled')),
    -- What its owner says was done, and where a proof stands; files are held by the measure.
    done_words TEXT NOT NULL,
    proof_url TEXT NOT NULL,
    done_by UUID,
    done_on DATE,
    verified_by UUID,
    verified_on DATE,
    -- Why it was sent back or cancelled, last.
    reason TEXT NOT NULL,
    -- Whom the program told of the deadline: nobody yet, the owner before it, those who answer for the unit after it.
    told TEXT NOT NULL CHECK (told IN ('nobody', 'owner', 'heads')),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, finding_id, number),
    FOREIGN KEY (institution_id, finding_id) REFERENCES improvement_finding (institution_id, id),
    CHECK ((owner_account IS NULL) <> (owner_role IS NULL)),
    CHECK (planned_on <= due_on),
    CHECK ((state IN ('done', 'verified')) = (done_on IS NOT NULL)),
    CHECK ((state = 'verified') = (verified_on IS NOT NULL)),
    CHECK (state <> 'cancelled' OR reason <> '')
);

CREATE INDEX improvement_measure_by_deadline ON improvement_measure (institution_id, told, due_on)
    WHERE state IN ('planned', 'under-way');

-- What happened to a finding, in order. Rows are added, never changed.
CREATE TABLE improvement_event (
    institution_id UUID NOT NULL,
    finding_id UUID NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    measure_id UUID,
    act TEXT NOT NULL,
    words TEXT NOT NULL,
    account_id UUID,
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (institution_id, finding_id, number),
    FOREIGN KEY (institution_id, finding_id) REFERENCES improvement_finding (institution_id, id),
    FOREIGN KEY (institution_id, measure_id) REFERENCES improvement_measure (institution_id, id)
);

CREATE FUNCTION improvement_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what happened to a finding is never changed or removed';
END;
$$;

CREATE TRIGGER improvement_event_is_never_changed BEFORE UPDATE OR DELETE ON improvement_event
FOR EACH ROW EXECUTE FUNCTION improvement_event_stays();

-- How each element of a closed period goes together with the others, made once from the answers that count in its inputs.
CREATE TABLE survey_importance (
    institution_id UUID NOT NULL,
    period_id UUID NOT NULL,
    -- The inputs it belongs to: when these change, it is made anew.
    inputs TEXT NOT NULL,
    -- By the key of the element, as JSON: a decimal, or null where it never varies.
    correlations TEXT NOT NULL,
    PRIMARY KEY (institution_id, period_id),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id)
);
