-- Work that is done later. `due_at` says when somebody is to look at a job next: while it waits, when it may run; while it runs,
-- when its lease ends. `institution_id` is sixteen zero bytes for work of the installation itself.
CREATE TABLE job (
    id             BLOB    PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB    NOT NULL CHECK (length(institution_id) = 16),
    kind           TEXT    NOT NULL CHECK (kind <> ''),
    key            TEXT,
    payload        TEXT    NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead', 'discarded')),
    attempt        INTEGER NOT NULL CHECK (attempt >= 0),
    fence          INTEGER NOT NULL CHECK (fence >= 0),
    due_at         TEXT,
    ended_at       TEXT,
    error          TEXT,
    CHECK ((due_at IS NOT NULL) = (state IN ('waiting', 'running'))),
    CHECK ((ended_at IS NOT NULL) = (state IN ('done', 'dead', 'discarded')))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX job_by_key ON job (institution_id, kind, key) WHERE key IS NOT NULL AND state IN ('waiting', 'running');
CREATE INDEX job_by_due ON job (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX job_by_state ON job (state, ended_at);
CREATE INDEX job_dead ON job (institution_id, id) WHERE state = 'dead';

-- Who does for all nodes what only one may do. The fence grows with each change of hands.
CREATE TABLE leader (
    name       TEXT    PRIMARY KEY,
    holder     TEXT    NOT NULL,
    fence      INTEGER NOT NULL CHECK (fence > 0),
    held_until TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Up to which moment the occurrences of a schedule have become jobs.
CREATE TABLE schedule (
    name       TEXT PRIMARY KEY,
    seen_until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
