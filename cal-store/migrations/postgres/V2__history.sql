-- What a collection was at an instant, what was pruned, and the audit chains.
-- As in the tables before, keys lead with the workspace and, in what grows with
-- what people write, with the collection (or its chain) after it.

-- When the present state of a collection itself began, and its number. Before
-- this migration nobody recorded earlier ones: they count as what it is now.
ALTER TABLE collections ADD COLUMN state bigint NOT NULL DEFAULT 1;
ALTER TABLE collections ADD COLUMN since bigint NOT NULL DEFAULT 0;
UPDATE collections SET since = created;

-- States that have ended: name, place, details, or being in the trash.
CREATE TABLE past_collections (
    workspace_id   bigint NOT NULL,
    collection_id  bigint NOT NULL,
    state          bigint NOT NULL,
    parent_id      bigint,
    name           text COLLATE "C" NOT NULL,
    display_name   text,
    description    text,
    color          text,
    sort_order     bigint,
    time_zone      text,
    is_transparent boolean NOT NULL,
    is_trashed     boolean NOT NULL,
    since          bigint NOT NULL,
    ended_at       bigint NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, state)
);
CREATE INDEX past_collections_by_parent
    ON past_collections (workspace_id, parent_id, collection_id);
CREATE INDEX past_collections_by_end ON past_collections (workspace_id, ended_at);

CREATE TABLE past_properties (
    workspace_id  bigint NOT NULL,
    collection_id bigint NOT NULL,
    state         bigint NOT NULL,
    namespace     text COLLATE "C" NOT NULL,
    local         text COLLATE "C" NOT NULL,
    value         text NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, state, namespace, local)
);

-- What is in the trash was not there before it was put there.
INSERT INTO past_collections (workspace_id, collection_id, state, parent_id, name, display_name,
    description, color, sort_order, time_zone, is_transparent, is_trashed, since, ended_at)
SELECT workspace_id, collection_id, 1, parent_id, name, display_name, description, color,
    sort_order, time_zone, is_transparent, false, created, trashed_at
FROM collections WHERE trashed_at IS NOT NULL;
INSERT INTO past_properties (workspace_id, collection_id, state, namespace, local, value)
SELECT p.workspace_id, p.collection_id, 1, p.namespace, p.local, p.value FROM properties p
JOIN collections c USING (workspace_id, collection_id)
WHERE p.name = '' AND c.trashed_at IS NOT NULL;
UPDATE collections SET state = 2, since = trashed_at WHERE trashed_at IS NOT NULL;

-- One row for each pruning that forgot something: never pruned itself. Whoever
-- prunes holds the lock of the row of the workspace.
CREATE TABLE prunings (
    workspace_id  bigint NOT NULL REFERENCES workspaces,
    number        bigint NOT NULL,
    before        bigint NOT NULL,
    at            bigint NOT NULL,
    via           text NOT NULL,
    principal     text,
    note          text,
    versions      bigint NOT NULL,
    tombstones    bigint NOT NULL,
    collections   bigint NOT NULL,
    states        bigint NOT NULL,
    audit_entries bigint NOT NULL,
    PRIMARY KEY (workspace_id, number)
);

-- Chain 0 is that of the store, the others those of collections, which they
-- outlive. Entries up to `pruned` were pruned, and `anchor` is the hash of the
-- last of them. Whoever adds to the chain of a collection holds the lock of its
-- row in `collections`; for that of the store it is the row here. Every write
-- changes a row; the free space in its page keeps that from touching an index.
CREATE TABLE audit_chains (
    workspace_id bigint NOT NULL,
    chain        bigint NOT NULL,
    number       bigint NOT NULL,
    hash         bytea NOT NULL,
    pruned       bigint NOT NULL,
    anchor       bytea NOT NULL,
    PRIMARY KEY (workspace_id, chain)
) WITH (fillfactor = 50);

CREATE TABLE audit_entries (
    workspace_id bigint NOT NULL,
    chain        bigint NOT NULL,
    number       bigint NOT NULL,
    at           bigint NOT NULL,
    via          text NOT NULL,
    principal    text,
    note         text,
    action       text NOT NULL,
    subject      bigint,
    name         text NOT NULL,
    before       bytea,
    after        bytea,
    hash         bytea NOT NULL,
    PRIMARY KEY (workspace_id, chain, number)
);

-- The chain of a collection goes on from the changes that it has had.
INSERT INTO audit_chains (workspace_id, chain, number, hash, pruned, anchor)
SELECT workspace_id, collection_id, sequence, decode(repeat('00', 32), 'hex'), sequence,
    decode(repeat('00', 32), 'hex')
FROM collections WHERE sequence > 0;
