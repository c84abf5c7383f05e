-- One try to make a backup. While it runs it shows that it lives by `beat_at`; whoever finds that it is long ago takes over.
CREATE TABLE backup_run (
    id          BLOB    PRIMARY KEY CHECK (length(id) = 16),
    backup      TEXT    NOT NULL CHECK (backup <> ''),
    place       TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('running', 'done', 'failed', 'broken')),
    started_at  TEXT    NOT NULL,
    beat_at     TEXT    NOT NULL,
    ended_at    TEXT,
    bytes       INTEGER CHECK (bytes >= 0),
    error       TEXT,
    verified_at TEXT,
    CHECK ((ended_at IS NOT NULL) = (state <> 'running')),
    CHECK ((bytes IS NOT NULL) = (state = 'done'))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX backup_run_running ON backup_run (state) WHERE state = 'running';
CREATE INDEX backup_run_by_start ON backup_run (state, started_at);

-- What the checks of the system saw last: key and arguments of the sentence, so that each reader gets it in their language.
CREATE TABLE checkup (
    name      TEXT PRIMARY KEY,
    state     TEXT NOT NULL CHECK (state IN ('good', 'attention', 'bad', 'not-set')),
    seen      TEXT NOT NULL,
    advice    TEXT NOT NULL,
    looked_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How full a disk was on a day, to tell for how many days there is room.
CREATE TABLE disk_sample (
    volume TEXT    NOT NULL,
    day    TEXT    NOT NULL,
    used   INTEGER NOT NULL CHECK (used >= 0),
    PRIMARY KEY (volume, day)
) STRICT, WITHOUT ROWID;
