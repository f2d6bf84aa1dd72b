-- Write locks of WebDAV. The name '' is that of the collection itself; `is_deep`
-- tells that all below a collection is locked with it. `expires` is in
-- milliseconds since 1970.
CREATE TABLE locks (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    token         BLOB    NOT NULL,
    scope         TEXT    NOT NULL,
    is_deep       INTEGER NOT NULL,
    principal     TEXT    NOT NULL,
    owner         TEXT,
    expires       INTEGER NOT NULL,
    PRIMARY KEY (collection_id, name, token)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX locks_by_token ON locks (token);
CREATE INDEX locks_by_principal ON locks (principal, expires);
