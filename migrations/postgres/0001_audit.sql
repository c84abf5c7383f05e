-- What was done, by whom, in one chain per institution (the nil UUID for the installation itself).
CREATE TABLE audit_entry (
    institution_id UUID        NOT NULL,
    number         BIGINT      NOT NULL CHECK (number > 0),
    at             TIMESTAMPTZ NOT NULL,
    actor          TEXT        NOT NULL,
    act            TEXT        NOT NULL,
    subject_kind   TEXT        NOT NULL,
    subject_id     TEXT        NOT NULL,
    detail         TEXT        NOT NULL,
    previous       BYTEA       NOT NULL CHECK (length(previous) = 32),
    hash           BYTEA       NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (institution_id, number)
);

CREATE INDEX audit_entry_by_time ON audit_entry (institution_id, at);
CREATE INDEX audit_entry_by_actor ON audit_entry (institution_id, actor, number);
CREATE INDEX audit_entry_by_subject ON audit_entry (institution_id, subject_kind, subject_id, number);

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never changed or deleted';
END
$$;

CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();
CREATE TRIGGER audit_entry_is_never_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();
