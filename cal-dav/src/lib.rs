//! The WebDAV and CalDAV XML vocabulary, shared by client and server
