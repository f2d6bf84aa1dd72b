//! What is known of files and index from one opening to the next.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use cal_store::{
    Backend, Durability, Folder, IndexBasis, PageRequest, Put, Reindex, SearchQuery, Store, Via,
};

use super::calendar;
use crate::reindex::basis_without_summer_time;
use crate::scene::{calendar_of_ada, cause, event, ics, put};

const EVENTS: u64 = 5;

async fn folder(root: &Path) -> Folder {
    Folder::open_with(root, Durability::Process).await.unwrap()
}

/// A closed store with some events, whose files are an hour old.
async fn rested(root: &Path) {
    let store = Store::new(folder(root).await);
    let id = calendar_of_ada(&store).await;
    for number in 0..EVENTS {
        let put = put(id, &number.to_string(), "Rested");
        store.put(put, &cause()).await.unwrap();
    }
    store.reindex(Reindex::outdated(cause().at)).await.unwrap();
    drop(store);
    for file in fs::read_dir(calendar(root)).unwrap() {
        let file = File::options().write(true).open(file.unwrap().path());
        let hour_ago = SystemTime::now() - Duration::from_secs(3_600);
        file.unwrap().set_modified(hour_ago).unwrap();
    }
}

/// What an opening reads and indexes.
async fn opening(root: &Path) -> (u64, u64) {
    let opening = folder(root).await.opening();
    (opening.files_read, opening.objects_indexed)
}

#[tokio::test]
async fn an_opening_after_which_nothing_has_changed_reads_and_indexes_nothing() {
    let root = tempfile::tempdir().unwrap();
    rested(root.path()).await;
    assert_eq!(opening(root.path()).await, (EVENTS, 0), "they look older");
    assert_eq!(opening(root.path()).await, (0, 0));
    let store = Store::new(folder(root.path()).await);
    let report = store.reindex(Reindex::outdated(cause().at)).await;
    assert_eq!(report.unwrap().read, 0);
    let id = calendar_of_ada(&store).await;
    let query = SearchQuery::new(id, "rested").unwrap();
    let found = store.search(query, PageRequest::first(9)).await.unwrap();
    assert_eq!(found.items.len(), 5);
}

#[tokio::test]
async fn of_many_files_only_the_one_that_was_changed_is_read() {
    let root = tempfile::tempdir().unwrap();
    rested(root.path()).await;
    drop(folder(root.path()).await);
    fs::write(calendar(root.path()).join("3.ics"), event("3", "By hand")).unwrap();
    let folder = folder(root.path()).await;
    assert_eq!(folder.opening().files_read, 1);
    let store = Store::new(folder);
    let id = calendar_of_ada(&store).await;
    let page = PageRequest::first(9);
    let versions = store.versions(id, &ics("3"), page).await.unwrap().items;
    assert_eq!(versions.first().unwrap().made.via, Via::Folder);
}

#[tokio::test]
async fn notes_that_are_damaged_or_gone_cost_a_look_at_everything_and_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let notes = root.path().join(".cal/index");
    rested(root.path()).await;
    drop(folder(root.path()).await);
    let whole = fs::read_to_string(&notes).unwrap();
    fs::write(&notes, whole.replacen("rested", "tested", 1)).unwrap();
    assert_eq!(opening(root.path()).await, (EVENTS, EVENTS));
    fs::write(&notes, whole.split_at(whole.len() / 2).0).unwrap();
    assert_eq!(opening(root.path()).await, (EVENTS, EVENTS));
    fs::remove_file(&notes).unwrap();
    assert_eq!(opening(root.path()).await, (EVENTS, EVENTS));
    assert_eq!(opening(root.path()).await, (0, 0));
}

#[tokio::test]
async fn events_that_another_release_of_the_zones_moves_are_told_of_after_an_opening() {
    let root = tempfile::tempdir().unwrap();
    let before = folder(root.path()).await;
    before
        .set_index_basis(basis_without_summer_time())
        .await
        .unwrap();
    let store = Store::new(before);
    let id = calendar_of_ada(&store).await;
    let start = "DTSTART;TZID=Europe/Berlin:20270701T090000\r\n";
    let body = event("berlin", "Moved").replace("DTSTART:20260921T120000Z\r\n", start);
    let put = Put::new(id, ics("berlin"), body);
    store.put(put, &cause()).await.unwrap();
    drop(store);

    let store = Store::new(folder(root.path()).await);
    let outdated = Reindex::outdated(cause().at);
    let report = store.reindex(outdated).await.unwrap();
    assert_eq!(report.tzdata_before.as_deref(), Some("1999z"));
    let moved: Vec<_> = report.moved.iter().map(|it| it.name.to_string()).collect();
    assert_eq!(moved, ["berlin.ics"]);
    drop(store);

    let after = folder(root.path()).await;
    let basis = after.index_basis().await.unwrap();
    assert_eq!(basis, Some(IndexBasis::current()));
}
