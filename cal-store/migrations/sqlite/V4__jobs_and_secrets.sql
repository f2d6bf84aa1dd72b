-- The queue of jobs, and secrets.

-- A job that waits is due when it is to run, one that is leased when its lease
-- runs out: one index finds both. `lease` is the number of the lease, and
-- `again` is set where the key was enqueued while the job was leased.
CREATE TABLE jobs (
    job_id       INTEGER PRIMARY KEY,
    workspace_id INTEGER NOT NULL REFERENCES workspaces,
    kind         TEXT    NOT NULL,
    dedup_key    TEXT,
    payload      BLOB    NOT NULL,
    created      INTEGER NOT NULL,
    due          INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    lease        INTEGER,
    again        INTEGER,
    fault        TEXT,
    dead_at      INTEGER
) STRICT;
CREATE INDEX jobs_by_due ON jobs (workspace_id, kind, due) WHERE dead_at IS NULL;
CREATE UNIQUE INDEX jobs_by_key ON jobs (workspace_id, kind, dedup_key) WHERE dead_at IS NULL;

-- What opens sources elsewhere, encrypted; the key is not in here.
CREATE TABLE secrets (
    workspace_id INTEGER NOT NULL REFERENCES workspaces,
    source       TEXT    NOT NULL,
    envelope     TEXT    NOT NULL,
    modified     INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, source)
) STRICT, WITHOUT ROWID;
