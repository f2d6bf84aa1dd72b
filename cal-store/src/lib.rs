//! Calendar storage: traits, the one write path, change log, backends
