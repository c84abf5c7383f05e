-- Answers from a table wait for a second person; answers to a unit's own questions stand apart from the answer they came with; a
-- closed period keeps the names its result was made under.

CREATE TABLE survey_import (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB NOT NULL,
    period_id BLOB NOT NULL,
    -- The name of the file, for showing.
    file TEXT NOT NULL,
    -- Who sent it: another person decides.
    account_id BLOB NOT NULL,
    sent_on TEXT NOT NULL,
    -- The answers it would add, and the rows that were there already.
    answers INTEGER NOT NULL CHECK (answers > 0),
    same INTEGER NOT NULL CHECK (same >= 0),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'confirmed', 'refused')),
    -- Those answers, as JSON, until somebody has decided.
    content TEXT,
    reason TEXT,
    decided_on TEXT,
    UNIQUE (institution_id, id),
    FOREIGN KEY (institution_id, period_id) REFERENCES survey_period (institution_id, id),
    CHECK ((state = 'waiting') = (content IS NOT NULL)),
    CHECK ((state = 'waiting') = (reason IS NULL)),
    CHECK ((state = 'waiting') = (decided_on IS NULL))
) STRICT;

-- One table of a period waits at a time: the next is compared with what is kept by then.
CREATE UNIQUE INDEX survey_import_waiting ON survey_import (institution_id, period_id) WHERE state = 'waiting';

CREATE INDEX survey_import_of_period ON survey_import (institution_id, period_id, sent_on);

-- The number of the unit's own question that a text answers; nothing for a suggestion.
ALTER TABLE survey_suggestion ADD COLUMN question INTEGER CHECK (question > 0);

INSERT INTO survey_suggestion (institution_id, period_id, id, suggestion, question)
SELECT answer.institution_id, answer.period_id, randomblob(16), own.value, CAST(own.key AS INTEGER)
FROM survey_answer AS answer, json_each(answer.own) AS own
WHERE answer.own IS NOT NULL AND own.value <> '';

UPDATE survey_answer SET own = NULL WHERE own IS NOT NULL;

-- The names of city, unit and services as they were when the period was closed, as JSON.
ALTER TABLE survey_period ADD COLUMN names TEXT;

-- The day on which somebody was last told that the period is over and still open.
ALTER TABLE survey_period ADD COLUMN reminded_on TEXT;
