//! Disks that are full, read-only or broken.

use std::collections::BTreeSet;
use std::path::Path;

use cal_store::{Error, Sqlite, Store};
use rusqlite::Connection;

use crate::scene::{calendar_of_ada, cause, event, ics, put};
use crate::small_disk::{disk, fill, listed, read_around, remount, run, said};

#[test]
fn a_full_disk_refuses_writes_and_nothing_else_until_there_is_room() {
    run("sqlite::faults::child_that_fills_its_disk", 4_096);
}

#[tokio::test]
#[ignore = "the child of a test with a small disk"]
async fn child_that_fills_its_disk() {
    let Some(disk) = disk() else { return };
    let ballast = disk.join("ballast");
    std::fs::write(&ballast, vec![0; 1 << 20]).unwrap();
    let path = disk.join("cal.db");
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let mut stored = BTreeSet::new();
    let failure = fill(&store, calendar, &mut stored).await;
    let reason = said(&failure);
    assert!(matches!(failure, Error::Backend(_)), "{failure:?}");
    assert!(reason.contains("disk is full"), "{reason}");

    assert!(stored.len() > 100, "hardly anything was stored: {stored:?}");
    assert_eq!(listed(&store, calendar).await, stored);
    let first = store.object(calendar, &ics("0-0")).await.unwrap();
    assert!(first.is_some());

    std::fs::remove_file(ballast).unwrap();
    let last = put(calendar, "last", "There is room again");
    store.put(last, &cause()).await.unwrap();
    stored.insert(ics("last"));
    assert_eq!(listed(&store, calendar).await, stored);
    let sequence = store.collection(calendar).await.unwrap().unwrap().token;
    assert_eq!(sequence.sequence(), stored.len() as u64);
    drop(store);
    let problems = Sqlite::open(&path).await.unwrap().check_integrity().await;
    assert_eq!(problems.unwrap(), Vec::<String>::new());
}

#[test]
fn a_read_only_disk_is_an_error_that_says_so() {
    run("sqlite::faults::child_whose_disk_is_read_only", 4_096);
}

#[tokio::test]
#[ignore = "the child of a test with a small disk"]
async fn child_whose_disk_is_read_only() {
    let Some(disk) = disk() else { return };
    let path = disk.join("cal.db");
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let stored = store.put(put(calendar, "a", "Event"), &cause()).await;
    stored.unwrap();
    drop(store);
    remount(&disk, "ro");
    let reason = said(&Sqlite::open(&path).await.unwrap_err());
    assert!(reason.contains("read-only"), "{reason}");
    remount(&disk, "rw");
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let found = store.object(calendar, &ics("a")).await.unwrap().unwrap();
    assert_eq!(found.body, event("a", "Event"));
}

/// Spoils one of the pages that objects are in.
fn spoil(path: &Path) {
    const PAGE: &str = "SELECT pageno FROM dbstat WHERE name = 'objects' AND pagetype = 'leaf' \
         ORDER BY pageno LIMIT 1 OFFSET 9";
    let connection = Connection::open(path).unwrap();
    let page: u32 = connection.query_row(PAGE, [], |row| row.get(0)).unwrap();
    connection.close().unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    let page = (page as usize - 1) * 4096;
    bytes[page..page + 4096].fill(0xAA);
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_broken_page_is_an_error_where_it_is_read_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let uids: Vec<_> = (0..2_000).map(|number| format!("{number:04}")).collect();
    let puts = uids.iter().map(|uid| put(calendar, uid, "Event")).collect();
    store.put_each(puts, &cause()).await;
    drop(store);
    spoil(&path);

    let store = Store::new(Sqlite::open(&path).await.unwrap());
    read_around(&store, calendar, &uids, "malformed").await;
}
