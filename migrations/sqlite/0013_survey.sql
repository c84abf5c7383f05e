-- The satisfaction survey: periods of units, codes for real visits, answers that nobody can tie to a visit, and their counts.
-- docs/survey-anonymity.md says what each table keeps and what it must not.

CREATE TABLE survey_period (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL REFERENCES institution (id),
    unit_id BLOB NOT NULL,
    rhythm TEXT NOT NULL CHECK (rhythm IN ('quarter', 'semester', 'year', 'continuous')),
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    -- People served in the period, where known.
    population INTEGER CHECK (population > 0),
    -- The rule of the first day, kept for ever.
    instrument TEXT NOT NULL CHECK (instrument <> ''),
    state TEXT NOT NULL CHECK (state IN ('planned', 'open', 'closed', 'published')),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at TEXT NOT NULL,
    opened_at TEXT,
    closed_at TEXT,
    published_at TEXT,
    -- What the result is computed from, as JSON, fixed when the period is closed.
    inputs TEXT,
    -- The same over all answers, whatever was left out since.
    all_inputs TEXT,
    -- The name of the published result.
    result TEXT,
    UNIQUE (institution_id, id),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id),
    CHECK (starts_on <= ends_on),
    CHECK ((closed_at IS NOT NULL) = (state IN ('closed', 'published'))),
    CHECK ((inputs IS NOT NULL) = (state IN ('closed', 'published'))),
    CHECK ((inputs IS NULL) = (all_inputs IS NULL)),
    CHECK ((state = 'published') = (published_at IS NOT NULL)),
    CHECK ((state = 'published') = (result IS NOT NULL))
) STRICT;

CREATE INDEX survey_period_by_unit ON survey_period (institution_id, unit_id, starts_on);

-- How many answers are wanted of each service.
CREATE TABLE survey_quota (
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    service_id BLOB NOT NULL,
    wanted INTEGER NOT NULL CHECK (wanted > 0),
    PRIMARY KEY (institution_id, period_id, service_id),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id),
    FOREIGN KEY (institution_id, service_id) REFERENCES service (institution_id, id)
) STRICT, WITHOUT ROWID;

-- Questions of the unit's own; they never count in the index.
CREATE TABLE survey_question (
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    question TEXT NOT NULL CHECK (question <> ''),
    PRIMARY KEY (institution_id, period_id, number),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id)
) STRICT, WITHOUT ROWID;

-- Codes that were made together: for a place, a service, a channel. Who made them, the audit log tells.
CREATE TABLE survey_batch (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    service_id BLOB,
    -- "Loket 3": printed on the cards, never kept with an answer.
    place TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('web', 'kiosk')),
    issued INTEGER NOT NULL CHECK (issued > 0),
    issued_on TEXT NOT NULL,
    UNIQUE (institution_id, id),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id),
    FOREIGN KEY (institution_id, service_id) REFERENCES service (institution_id, id)
) STRICT;

CREATE INDEX survey_batch_of_period ON survey_batch (institution_id, period_id, issued_on);

-- Codes that were not used yet, by a part of their hash. Using one removes its row: nothing remains that could be laid beside an
-- answer, not even the order of rows.
CREATE TABLE survey_token (
    institution_id BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 16),
    period_id BLOB NOT NULL,
    batch_id BLOB NOT NULL,
    PRIMARY KEY (institution_id, hash),
    FOREIGN KEY (institution_id, batch_id) REFERENCES survey_batch (institution_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX survey_token_of_batch ON survey_token (institution_id, batch_id);

-- One row for each answer: its day, and no moment; no code, no address, no browser. Its identifier is a hash of what the browser
-- chose, so that it has no order, and an answer that is sent twice is kept once.
CREATE TABLE survey_answer (
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    service_id BLOB,
    channel TEXT NOT NULL CHECK (channel IN ('web', 'kiosk', 'offline', 'paper', 'file')),
    answered_on TEXT NOT NULL,
    -- By the key of the element, as JSON.
    answers TEXT NOT NULL,
    sex TEXT,
    age TEXT,
    education TEXT,
    occupation TEXT,
    disability TEXT,
    promise_time INTEGER,
    promise_fee INTEGER,
    promise_requirements INTEGER,
    -- Answers to the unit's own questions by their number, as JSON.
    own TEXT,
    -- Left out of the second figure by a recorded decision.
    excluded INTEGER NOT NULL CHECK (excluded IN (0, 1)),
    -- On PostgreSQL: it was put down again among the others of its day.
    mixed INTEGER NOT NULL CHECK (mixed IN (0, 1)),
    PRIMARY KEY (institution_id, period_id, id),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id),
    FOREIGN KEY (institution_id, service_id) REFERENCES service (institution_id, id)
) STRICT, WITHOUT ROWID;

-- Answers as they came, until they are counted, a minute at most: then they go where they have no order. Rows at the end of a table are
-- the quickest to keep.
CREATE TABLE survey_incoming (
    number INTEGER PRIMARY KEY,
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    service_id BLOB,
    channel TEXT NOT NULL CHECK (channel IN ('web', 'kiosk', 'offline')),
    answered_on TEXT NOT NULL,
    answers TEXT NOT NULL,
    sex TEXT,
    age TEXT,
    education TEXT,
    occupation TEXT,
    disability TEXT,
    promise_time INTEGER,
    promise_fee INTEGER,
    promise_requirements INTEGER,
    own TEXT,
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id)
) STRICT;

-- What people suggest, apart from what they answered: a text may tell who wrote it.
CREATE TABLE survey_suggestion (
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    service_id BLOB,
    suggestion TEXT NOT NULL CHECK (suggestion <> ''),
    PRIMARY KEY (institution_id, period_id, id),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id),
    FOREIGN KEY (institution_id, service_id) REFERENCES service (institution_id, id)
) STRICT, WITHOUT ROWID;

-- Answers that somebody left out of the index: which flag they stood under, why, and how many.
CREATE TABLE survey_exclusion (
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    flag TEXT NOT NULL CHECK (flag <> ''),
    answers INTEGER NOT NULL CHECK (answers >= 0),
    reason TEXT NOT NULL CHECK (reason <> ''),
    decided_on TEXT NOT NULL,
    PRIMARY KEY (institution_id, period_id, flag),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id)
) STRICT, WITHOUT ROWID;

-- What was changed of a result after it was published. Nothing here is ever changed or removed.
CREATE TABLE survey_correction (
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    corrected_on TEXT NOT NULL,
    index_before TEXT NOT NULL,
    index_after TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (institution_id, period_id, number),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id)
) STRICT, WITHOUT ROWID;

-- Answers on paper between their two entries. Once a sheet was counted, its number alone is left.
CREATE TABLE survey_sheet (
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    sheet TEXT NOT NULL CHECK (sheet <> ''),
    -- Who entered it first: another person enters it again.
    account_id BLOB NOT NULL,
    entry TEXT,
    PRIMARY KEY (institution_id, period_id, sheet),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id)
) STRICT, WITHOUT ROWID;

-- Counts of answers, kept up every minute while they come in, so that closing a period reads few answers.
CREATE TABLE survey_count (
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    -- Sixteen zeros where no service was named.
    service_id BLOB NOT NULL,
    channel TEXT NOT NULL,
    -- An element, `total` (the sum of one answer), `sex:L` and the like (that sum within a group), `promise:time` and the like.
    part TEXT NOT NULL,
    value INTEGER NOT NULL,
    answers INTEGER NOT NULL CHECK (answers >= 0),
    PRIMARY KEY (institution_id, period_id, service_id, channel, part, value)
) STRICT, WITHOUT ROWID;

-- How many answers each period has, for lists.
CREATE INDEX survey_count_total ON survey_count (institution_id, period_id) WHERE part = 'total';
