-- Write locks of WebDAV. The name '' is that of the collection itself; `is_deep`
-- tells that all below a collection is locked with it. `expires` is in
-- milliseconds since 1970. As in the tables before, keys lead with the workspace
-- and the collection; who places a lock holds the locks of the rows in
-- `collections` that it covers.
CREATE TABLE locks (
    workspace_id  bigint NOT NULL,
    collection_id bigint NOT NULL,
    name          text COLLATE "C" NOT NULL,
    token         bytea NOT NULL,
    scope         text NOT NULL,
    is_deep       boolean NOT NULL,
    principal     text COLLATE "C" NOT NULL,
    owner         text,
    expires       bigint NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, name, token)
);
CREATE INDEX locks_by_principal ON locks (workspace_id, principal, expires);
