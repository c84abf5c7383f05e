-- What was done, by whom, in one chain per institution (sixteen zero bytes for the installation itself).
CREATE TABLE audit_entry (
    institution_id BLOB    NOT NULL CHECK (length(institution_id) = 16),
    number         INTEGER NOT NULL CHECK (number > 0),
    at             TEXT    NOT NULL,
    actor          TEXT    NOT NULL,
    act            TEXT    NOT NULL,
    subject_kind   TEXT    NOT NULL,
    subject_id     TEXT    NOT NULL,
    detail         TEXT    NOT NULL,
    previous       BLOB    NOT NULL CHECK (length(previous) = 32),
    hash           BLOB    NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (institution_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_entry_by_time ON audit_entry (institution_id, at);
CREATE INDEX audit_entry_by_actor ON audit_entry (institution_id, actor, number);
CREATE INDEX audit_entry_by_subject ON audit_entry (institution_id, subject_kind, subject_id, number);

CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;

CREATE TRIGGER audit_entry_is_never_deleted BEFORE DELETE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never deleted');
END;
