//! The folder backend: what others see of it, and what they do to it.

mod edits;
mod journal;
mod names;
mod notes;
mod work;

use std::path::{Path, PathBuf};

use cal_store::{Durability, Folder, Store};

/// The store in a folder.
async fn open(path: &Path) -> Store {
    Store::new(Folder::open_with(path, Durability::Process).await.unwrap())
}

/// The folder of the calendar of ada.
fn calendar(root: &Path) -> PathBuf {
    root.join("ada/calendar")
}
