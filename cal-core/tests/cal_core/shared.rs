//! Test data that lies beside the repository, where it is there at all.

use std::path::PathBuf;

/// A file of the shared data; says so and returns nothing where it is absent.
pub(crate) fn read(name: &str) -> Option<String> {
    let path = folder().join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) => {
            eprintln!("skipped: {}: {error}", path.display());
            None
        }
    }
}

/// The folder of the shared data.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"))
}
