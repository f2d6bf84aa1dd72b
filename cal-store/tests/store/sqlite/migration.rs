//! Opening files of every kind.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use cal_store::{Error, Sqlite, Store};
use rusqlite::Connection;

#[tokio::test]
async fn a_file_of_a_newer_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    drop(Sqlite::open(&path).await.unwrap());
    let connection = Connection::open(&path).unwrap();
    let newer = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
         VALUES (9999, 'future', '2030-01-01T00:00:00Z', '1')";
    connection.execute(newer, []).unwrap();
    let refused = Sqlite::open(&path).await;
    let Err(Error::NewerSchema { found, supported }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(found, 9999);
    assert!(supported < found);
    let message = Error::NewerSchema { found, supported }.to_string();
    assert!(message.contains("9999"), "{message}");
}

#[tokio::test]
async fn what_is_no_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    std::fs::write(
        &path,
        "This is not a database, but it is long enough to be one.",
    )
    .unwrap();
    assert!(matches!(Sqlite::open(&path).await, Err(Error::Backend(_))));
    let nowhere = folder.path().join("absent").join("cal.db");
    assert!(matches!(
        Sqlite::open(nowhere).await,
        Err(Error::Backend(_))
    ));
}

#[tokio::test]
async fn a_file_that_an_older_program_left_half_made_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let first = include_str!("../../../migrations/sqlite/V1__initial.sql");
    Connection::open(&path)
        .unwrap()
        .execute_batch(first)
        .unwrap();
    let refused = Sqlite::open(&path).await.unwrap_err();
    assert!(matches!(refused, Error::HalfMade), "{refused:?}");
    let message = refused.to_string();
    assert!(message.contains("move the file away"), "{message}");
    std::fs::rename(&path, folder.path().join("away")).unwrap();
    let _ = std::fs::remove_file(folder.path().join("cal.db-wal"));
    let _ = std::fs::remove_file(folder.path().join("cal.db-shm"));
    Sqlite::open(&path).await.unwrap();
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("CREATE TABLE bookmarks (url TEXT)")
        .unwrap();
    let refused = Sqlite::open(&path).await.unwrap_err();
    assert!(matches!(refused, Error::Foreign), "{refused:?}");
    let tables = "SELECT group_concat(name) FROM sqlite_schema";
    let tables: String = connection.query_row(tables, [], |row| row.get(0)).unwrap();
    assert_eq!(tables, "bookmarks");
}

/// Tells a child where the file is that it is to make.
const PLACE: &str = "CAL_MIGRATION_PLACE";

#[tokio::test]
#[ignore = "the child of the next test; it is killed"]
async fn child_that_makes_a_file() {
    let Ok(path) = std::env::var(PLACE) else {
        return;
    };
    println!("begin");
    Sqlite::open(path).await.unwrap();
    println!("made");
}

#[tokio::test]
async fn a_process_that_is_killed_while_it_makes_a_file_leaves_one_that_opens() {
    let folder = tempfile::tempdir().unwrap();
    let mut cut_short = 0;
    for round in 0..40 {
        let path = folder.path().join(format!("{round}.db"));
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "--nocapture"])
            .arg("sqlite::migration::child_that_makes_a_file")
            .env(PLACE, &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let begun = lines.by_ref().any(|line| line.unwrap().contains("begin"));
        assert!(begun, "the child did not begin");
        std::thread::sleep(Duration::from_millis(round));
        child.kill().unwrap();
        child.wait().unwrap();
        cut_short += u32::from(!lines.any(|line| line.unwrap().contains("made")));
        let store = Store::new(Sqlite::open(&path).await.unwrap());
        assert_eq!(
            store.checksum().await.unwrap().len(),
            64,
            "after {round} ms"
        );
    }
    assert!(cut_short > 0, "no child was killed before it was done");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_may_make_the_same_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let opened = (0..8).map(|_| tokio::spawn(Sqlite::open(path.clone())));
    let mut epochs = Vec::new();
    for task in opened.collect::<Vec<_>>() {
        let store = Store::new(task.await.unwrap().unwrap());
        epochs.push(store.epoch());
    }
    epochs.dedup();
    assert_eq!(epochs.len(), 1, "all see one epoch");
}

#[cfg(unix)]
#[tokio::test]
async fn a_store_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let _store = Sqlite::open(&path).await.unwrap();
    for name in ["cal.db", "cal.db-wal", "cal.db-shm"] {
        let rights = std::fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(rights.permissions().mode() & 0o077, 0, "{name}");
    }
}
