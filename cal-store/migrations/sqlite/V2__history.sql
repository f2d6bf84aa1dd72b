-- What a collection was at an instant, what was pruned, and the audit chains.

-- When the present state of a collection itself began, and its number. Before
-- this migration nobody recorded earlier ones: they count as what it is now.
ALTER TABLE collections ADD COLUMN state INTEGER NOT NULL DEFAULT 1;
ALTER TABLE collections ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
UPDATE collections SET since = created;

-- States that have ended: name, place, details, or being in the trash.
CREATE TABLE past_collections (
    collection_id  INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    state          INTEGER NOT NULL,
    parent_id      INTEGER,
    name           TEXT    NOT NULL,
    display_name   TEXT,
    description    TEXT,
    color          TEXT,
    sort_order     INTEGER,
    time_zone      TEXT,
    is_transparent INTEGER NOT NULL,
    is_trashed     INTEGER NOT NULL,
    since          INTEGER NOT NULL,
    ended_at       INTEGER NOT NULL,
    PRIMARY KEY (collection_id, state)
) STRICT, WITHOUT ROWID;
CREATE INDEX past_collections_by_parent ON past_collections (parent_id, collection_id);
CREATE INDEX past_collections_by_end ON past_collections (ended_at);

CREATE TABLE past_properties (
    collection_id INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    namespace     TEXT    NOT NULL,
    local         TEXT    NOT NULL,
    value         TEXT    NOT NULL,
    PRIMARY KEY (collection_id, state, namespace, local),
    FOREIGN KEY (collection_id, state) REFERENCES past_collections ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What is in the trash was not there before it was put there.
INSERT INTO past_collections (collection_id, state, parent_id, name, display_name, description,
    color, sort_order, time_zone, is_transparent, is_trashed, since, ended_at)
SELECT collection_id, 1, parent_id, name, display_name, description, color, sort_order, time_zone,
    is_transparent, 0, created, trashed_at FROM collections WHERE trashed_at IS NOT NULL;
INSERT INTO past_properties (collection_id, state, namespace, local, value)
SELECT p.collection_id, 1, p.namespace, p.local, p.value FROM properties p
JOIN collections c USING (collection_id) WHERE p.name = '' AND c.trashed_at IS NOT NULL;
UPDATE collections SET state = 2, since = trashed_at WHERE trashed_at IS NOT NULL;

-- One row for each pruning that forgot something: never pruned itself.
CREATE TABLE prunings (
    workspace_id  INTEGER NOT NULL REFERENCES workspaces,
    number        INTEGER NOT NULL,
    before        INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    via           TEXT    NOT NULL,
    principal     TEXT,
    note          TEXT,
    versions      INTEGER NOT NULL,
    tombstones    INTEGER NOT NULL,
    collections   INTEGER NOT NULL,
    states        INTEGER NOT NULL,
    audit_entries INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, number)
) STRICT, WITHOUT ROWID;

-- Chain 0 is that of the store, the others those of collections, which they
-- outlive. Entries up to `pruned` were pruned, and `anchor` is the hash of the
-- last of them.
CREATE TABLE audit_chains (
    workspace_id INTEGER NOT NULL REFERENCES workspaces,
    chain        INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    hash         BLOB    NOT NULL,
    pruned       INTEGER NOT NULL,
    anchor       BLOB    NOT NULL,
    PRIMARY KEY (workspace_id, chain)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_entries (
    workspace_id INTEGER NOT NULL,
    chain        INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    via          TEXT    NOT NULL,
    principal    TEXT,
    note         TEXT,
    action       TEXT    NOT NULL,
    subject      INTEGER,
    name         TEXT    NOT NULL,
    before       BLOB,
    after        BLOB,
    hash         BLOB    NOT NULL,
    PRIMARY KEY (workspace_id, chain, number)
) STRICT, WITHOUT ROWID;

-- The chain of a collection goes on from the changes that it has had.
INSERT INTO audit_chains (workspace_id, chain, number, hash, pruned, anchor)
SELECT workspace_id, collection_id, sequence, zeroblob(32), sequence, zeroblob(32)
FROM collections WHERE sequence > 0;
