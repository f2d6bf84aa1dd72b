//! CalDAV client: discovery, queries, conditional writes, sync
