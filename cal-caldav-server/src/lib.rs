//! CalDAV server as a tower service over any calendar store
