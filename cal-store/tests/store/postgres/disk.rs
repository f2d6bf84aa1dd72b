//! Disks of the server that are full or broken.

use std::collections::BTreeSet;
use std::os::unix::fs::{MetadataExt, chown};

use cal_store::{Error, Postgres, Store};

use super::server::{Restart, Server, client};
use crate::scene::{calendar_of_ada, cause, ics, put};
use crate::small_disk::{disk, fill, is_root, listed, read_around, run, said};

#[test]
fn a_full_disk_refuses_writes_and_nothing_else_until_there_is_room() {
    if !is_root() {
        println!("skipped: only root can start a server that sees a disk of its own");
        return;
    }
    run("postgres::disk::child_that_fills_its_disk", 24 << 10);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the child of a test with a small disk"]
async fn child_that_fills_its_disk() {
    let Some(disk) = disk() else { return };
    let Some(server) = Server::start() else {
        return;
    };
    let ballast = disk.join("ballast");
    std::fs::write(&ballast, vec![0; 4 << 20]).unwrap();
    // The log of the server has room; what it is about has not.
    let space = disk.join("space");
    std::fs::create_dir(&space).unwrap();
    let owner = std::fs::metadata(server.folder()).unwrap();
    chown(&space, Some(owner.uid()), Some(owner.gid())).unwrap();
    let admin = client(&server.database().await).await;
    let make = format!("CREATE TABLESPACE small LOCATION '{}'", space.display());
    admin.batch_execute(&make).await.unwrap();
    let settings = server.database_with("TABLESPACE small").await;

    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let mut stored = BTreeSet::new();
    let failure = fill(&store, calendar, &mut stored).await;
    let reason = said(&failure);
    assert!(matches!(failure, Error::Backend(_)), "{failure:?}");
    assert!(reason.contains("No space left"), "{reason}");

    assert!(stored.len() > 100, "hardly anything was stored: {stored:?}");
    assert_eq!(listed(&store, calendar).await, stored);
    std::fs::remove_file(ballast).unwrap();
    let last = put(calendar, "last", "There is room again");
    store.put(last, &cause()).await.unwrap();
    stored.insert(ics("last"));
    assert_eq!(listed(&store, calendar).await, stored);
    let token = store.collection(calendar).await.unwrap().unwrap().token;
    assert_eq!(token.sequence(), stored.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_page_is_an_error_where_it_is_read_and_nowhere_else() {
    let Some(server) = Server::start() else {
        return;
    };
    let settings = server.database().await;
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let uids: Vec<_> = (0..500).map(|number| format!("{number:04}")).collect();
    let puts = uids.iter().map(|uid| put(calendar, uid, "Event")).collect();
    store.put_each(puts, &cause()).await;
    let admin = client(&settings).await;
    admin.batch_execute("CHECKPOINT").await.unwrap();
    let path = admin
        .query_one("SELECT pg_relation_filepath('objects')", &[])
        .await;
    let path: String = path.unwrap().get(0);
    let path = server.folder().join("data").join(path);
    let mut bytes = std::fs::read(&path).unwrap();
    let page = bytes.len() / 8192 / 2 * 8192;
    bytes[page..page + 8192].fill(0xAA);
    std::fs::write(&path, bytes).unwrap();
    // What the server remembers of the page goes with it.
    server.restart(Restart::Immediate);

    read_around(&store, calendar, &uids, "invalid page").await;
}
