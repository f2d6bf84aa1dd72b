-- The first schema. Every key leads with the workspace, and in the tables that
-- grow with what people write, with the collection after it: they can be
-- distributed by (workspace_id, collection_id), with `sequence` and `floor` of
-- the collection beside them. What is unique across collections needs its
-- workspace in one place: the names, addresses and tokens of principals, and
-- the names of sibling collections. These tables grow with people, not with
-- what they write; distribute them by workspace_id.
--
-- Only a writer that holds the lock of a row in `collections` writes what is
-- below it, so that the tables below need no foreign keys; whoever removes the
-- row removes the rest.
--
-- Text is compared byte by byte whatever the locale of the database is.

CREATE TABLE workspaces (
    workspace_id bigint PRIMARY KEY,
    epoch        bigint NOT NULL
);

-- `folded` is the form of the name in which no two look alike.
CREATE TABLE principals (
    workspace_id bigint NOT NULL REFERENCES workspaces,
    principal_id bigint NOT NULL,
    name         text COLLATE "C" NOT NULL,
    folded       text COLLATE "C" NOT NULL,
    kind         text NOT NULL,
    is_admin     boolean NOT NULL,
    display_name text,
    created      bigint NOT NULL,
    password     text,
    credential_generation bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, principal_id),
    UNIQUE (workspace_id, name),
    UNIQUE (workspace_id, folded)
);

-- `folded` is the address in lower case: the form that is unique.
CREATE TABLE principal_emails (
    workspace_id bigint NOT NULL,
    folded       text COLLATE "C" NOT NULL,
    principal_id bigint NOT NULL,
    position     bigint NOT NULL,
    address      text COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, folded),
    FOREIGN KEY (workspace_id, principal_id) REFERENCES principals ON DELETE CASCADE
);
CREATE INDEX principal_emails_by_principal
    ON principal_emails (workspace_id, principal_id, position);

CREATE TABLE app_tokens (
    workspace_id bigint NOT NULL,
    token_id     bigint NOT NULL,
    principal_id bigint NOT NULL,
    hash         bytea NOT NULL,
    label        text NOT NULL,
    scope        text NOT NULL,
    created      bigint NOT NULL,
    expires      bigint,
    PRIMARY KEY (workspace_id, token_id),
    UNIQUE (workspace_id, hash),
    FOREIGN KEY (workspace_id, principal_id) REFERENCES principals ON DELETE CASCADE
);
CREATE INDEX app_tokens_by_principal
    ON app_tokens (workspace_id, principal_id, created, token_id);

-- `sequence` counts the changes of members. `floor` is the last sequence whose
-- deletion was pruned. `parent_sequence` is the place of this collection in
-- the log of its parent. A collection in the trash has `trashed_at`, and in
-- `trash_root` the collection with which it went there.
--
-- Every write of a member changes the row; the free space in its page keeps
-- that from touching an index.
CREATE TABLE collections (
    workspace_id    bigint NOT NULL,
    collection_id   bigint NOT NULL,
    owner_id        bigint NOT NULL,
    parent_id       bigint,
    name            text COLLATE "C" NOT NULL,
    kind            text NOT NULL,
    components      text,
    display_name    text,
    description     text,
    color           text,
    sort_order      bigint,
    time_zone       text,
    is_transparent  boolean NOT NULL,
    created         bigint NOT NULL,
    modified        bigint NOT NULL,
    sequence        bigint NOT NULL DEFAULT 0,
    floor           bigint NOT NULL DEFAULT 0,
    parent_sequence bigint,
    trashed_at      bigint,
    trash_root      bigint,
    PRIMARY KEY (workspace_id, collection_id)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX collections_by_name ON collections (workspace_id, parent_id, name)
    WHERE parent_id IS NOT NULL AND trashed_at IS NULL;
CREATE INDEX collections_by_sequence ON collections (workspace_id, parent_id, parent_sequence)
    WHERE trashed_at IS NULL;
CREATE INDEX collections_by_parent ON collections (workspace_id, parent_id);
CREATE UNIQUE INDEX homes ON collections (workspace_id, owner_id) WHERE parent_id IS NULL;
CREATE INDEX collections_by_owner ON collections (workspace_id, owner_id);
CREATE INDEX trash ON collections (workspace_id, owner_id, trashed_at)
    WHERE trashed_at IS NOT NULL;

-- Properties of a collection have the name '', which no object can have.
CREATE TABLE properties (
    workspace_id  bigint NOT NULL,
    collection_id bigint NOT NULL,
    name          text COLLATE "C" NOT NULL,
    namespace     text COLLATE "C" NOT NULL,
    local         text COLLATE "C" NOT NULL,
    value         text NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, name, namespace, local)
);

-- `sequence` is the last change of any kind, `version` the one that made these
-- bytes. `span_class` orders spans by length, so that a window finds those that
-- begin before it; see src/span.rs. No content type means iCalendar in UTF-8.
-- A UID may be longer than an index can hold: unique is its SHA-256.
CREATE TABLE objects (
    workspace_id  bigint NOT NULL,
    collection_id bigint NOT NULL,
    name          text COLLATE "C" NOT NULL,
    etag          bytea NOT NULL,
    schedule_tag  bytea,
    content_type  text COLLATE "C",
    size          bigint NOT NULL,
    created       bigint NOT NULL,
    modified      bigint NOT NULL,
    sequence      bigint NOT NULL,
    component     text COLLATE "C",
    version       bigint NOT NULL,
    via           text NOT NULL,
    principal     text,
    note          text,
    uid           text COLLATE "C",
    uid_hash      bytea,
    is_series     boolean,
    span_class    smallint,
    span_start    bigint,
    span_end      bigint,
    body          bytea NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, name)
);
CREATE UNIQUE INDEX objects_by_sequence ON objects (workspace_id, collection_id, sequence);
CREATE UNIQUE INDEX objects_by_uid ON objects (workspace_id, collection_id, uid_hash)
    WHERE uid_hash IS NOT NULL;
CREATE INDEX objects_by_span
    ON objects (workspace_id, collection_id, span_class, span_start, name)
    WHERE span_class IS NOT NULL;

-- Names that are gone, for whoever syncs. They take no part in uniqueness.
CREATE TABLE tombstones (
    workspace_id  bigint NOT NULL,
    collection_id bigint NOT NULL,
    name          text COLLATE "C" NOT NULL,
    sequence      bigint NOT NULL,
    at            bigint NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, name)
);
CREATE UNIQUE INDEX tombstones_by_sequence
    ON tombstones (workspace_id, collection_id, sequence);
CREATE INDEX tombstones_by_time ON tombstones (workspace_id, at);

-- Versions that have ended.
CREATE TABLE versions (
    workspace_id    bigint NOT NULL,
    collection_id   bigint NOT NULL,
    name            text COLLATE "C" NOT NULL,
    version         bigint NOT NULL,
    etag            bytea NOT NULL,
    content_type    text COLLATE "C",
    size            bigint NOT NULL,
    made_at         bigint NOT NULL,
    made_via        text NOT NULL,
    made_principal  text,
    made_note       text,
    is_deletion     boolean NOT NULL,
    ended_at        bigint NOT NULL,
    ended_via       text NOT NULL,
    ended_principal text,
    ended_note      text,
    body            bytea NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, name, version)
);
CREATE INDEX versions_by_end ON versions (workspace_id, ended_at);

-- The number of the last transaction that each lane of a node has committed:
-- whoever lost the connection while it committed reads here whether it has.
CREATE TABLE lanes (
    workspace_id bigint NOT NULL,
    lane_id      bigint NOT NULL,
    committed    bigint NOT NULL,
    touched      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, lane_id)
) WITH (fillfactor = 10);
