-- Dead letters are kept for a time only; how many were forgotten stays known.
ALTER TABLE prunings ADD COLUMN dead_letters bigint NOT NULL DEFAULT 0;
CREATE INDEX jobs_by_death ON jobs (workspace_id, dead_at) WHERE dead_at IS NOT NULL;
