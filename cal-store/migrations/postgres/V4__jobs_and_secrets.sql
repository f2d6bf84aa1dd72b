-- The queue of jobs, and secrets.

-- A job that waits is due when it is to run, one that is leased when its lease
-- runs out: one index finds both. `lease` is the number of the lease, and
-- `again` is set where the key was enqueued while the job was leased.
CREATE TABLE jobs (
    workspace_id bigint NOT NULL,
    job_id       bigint NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    dedup_key    text COLLATE "C",
    payload      bytea  NOT NULL,
    created      bigint NOT NULL,
    due          bigint NOT NULL,
    attempts     bigint NOT NULL,
    lease        bigint,
    again        bigint,
    fault        text,
    dead_at      bigint,
    PRIMARY KEY (workspace_id, job_id)
);
CREATE INDEX jobs_by_due ON jobs (workspace_id, kind, due) WHERE dead_at IS NULL;
CREATE UNIQUE INDEX jobs_by_key ON jobs (workspace_id, kind, dedup_key) WHERE dead_at IS NULL;

-- What opens sources elsewhere, encrypted; the key is not in here.
CREATE TABLE secrets (
    workspace_id bigint NOT NULL,
    source       text COLLATE "C" NOT NULL,
    envelope     text   NOT NULL,
    modified     bigint NOT NULL,
    PRIMARY KEY (workspace_id, source)
);
