//! Many writers, readers, handles and processes on one file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cal_store::{CollectionId, Durability, PageRequest, Span, SpanQuery, Sqlite, Store};
use rusqlite::Connection;

use crate::scene::{calendar_of_ada, cause, ics, put};

/// How long many clients are busy: `CAL_BUSY_SECONDS`, or not long.
fn busy_time() -> Duration {
    let seconds = std::env::var("CAL_BUSY_SECONDS").ok();
    Duration::from_secs(seconds.and_then(|it| it.parse().ok()).unwrap_or(1))
}

/// Stores objects until it is time and answers the sequences that they got.
async fn write_until(
    store: Store,
    calendar: CollectionId,
    name: u32,
    until: Arc<AtomicBool>,
) -> Vec<u64> {
    let mut sequences = Vec::new();
    while !until.load(Ordering::Relaxed) {
        let name = format!("{name}-{}", sequences.len());
        sequences.extend(write(store.clone(), calendar, name, 1).await);
    }
    sequences
}

/// Stores this many objects and answers the sequences that they got.
async fn write(store: Store, calendar: CollectionId, name: String, count: u32) -> Vec<u64> {
    let mut sequences = Vec::new();
    for number in 0..count {
        let put = put(calendar, &format!("{name}-{number}"), "Event");
        let stored = store.put(put, &cause()).await.unwrap();
        sequences.push(stored.token.sequence());
    }
    sequences
}

async fn read(store: Store, calendar: CollectionId, until: Arc<AtomicBool>) -> u64 {
    let mut token = None;
    let mut seen = 0;
    while !until.load(Ordering::Relaxed) {
        let page = store.changes(calendar, token.as_ref(), 100).await.unwrap();
        seen += page.changes.len() as u64;
        token = Some(page.token);
        store
            .entries(calendar, PageRequest::first(20))
            .await
            .unwrap();
        let query = SpanQuery::new(calendar, Span::ALWAYS);
        store
            .overlapping(query, PageRequest::first(20))
            .await
            .unwrap();
        store.object(calendar, &ics("0-0")).await.unwrap();
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_clients_a_backup_and_a_long_reader_get_no_busy_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let sqlite = Sqlite::open(&path).await.unwrap();
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let calendar = calendar_of_ada(&store).await;

    let long = Connection::open(&path).unwrap();
    long.execute_batch("BEGIN; SELECT count(*) FROM objects")
        .unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..8)
        .map(|_| tokio::spawn(read(store.clone(), calendar, Arc::clone(&done))))
        .collect();
    let writers: Vec<_> = (0..64)
        .map(|name| {
            tokio::spawn(write_until(
                store.clone(),
                calendar,
                name,
                Arc::clone(&done),
            ))
        })
        .collect();
    let (start, mut backups) = (Instant::now(), 0);
    while backups == 0 || start.elapsed() < busy_time() {
        let copy = folder.path().join(format!("copy-{backups}.db"));
        sqlite.backup(&copy).await.unwrap();
        std::fs::remove_file(copy).unwrap();
        backups += 1;
    }
    done.store(true, Ordering::Relaxed);
    let mut sequences = Vec::new();
    for writer in writers {
        sequences.extend(writer.await.unwrap());
    }
    for reader in readers {
        reader.await.unwrap();
    }
    sequences.sort_unstable();
    let all = (1..=sequences.len() as u64).collect::<Vec<_>>();
    assert_eq!(sequences, all);
    long.execute_batch("COMMIT").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_handles_on_one_file_never_give_one_sequence_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let one = Store::new(Sqlite::open(&path).await.unwrap());
    let two = Store::new(Sqlite::open(&path).await.unwrap());
    assert_eq!(one.epoch(), two.epoch());
    let calendar = calendar_of_ada(&one).await;
    let writers: Vec<_> = [&one, &two, &one, &two]
        .into_iter()
        .enumerate()
        .map(|(name, store)| tokio::spawn(write(store.clone(), calendar, name.to_string(), 40)))
        .collect();
    let mut sequences = Vec::new();
    for writer in writers {
        sequences.extend(writer.await.unwrap());
    }
    sequences.sort_unstable();
    assert_eq!(sequences, (1..=160).collect::<Vec<_>>());
    // Each handle sees what the other has written.
    let listed = async |store: &Store| {
        let page = PageRequest::first(1_000);
        store.entries(calendar, page).await.unwrap().items
    };
    assert_eq!(listed(&one).await, listed(&two).await);
}

#[tokio::test]
async fn a_writer_waits_for_another_process_that_holds_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let store = Store::new(Sqlite::open_with(&path, Durability::Process).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let waiting = tokio::spawn(write(store.clone(), calendar, "a".to_owned(), 1));
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    // Who only reads need not wait.
    store
        .entries(calendar, PageRequest::first(1))
        .await
        .unwrap();
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(waiting.await.unwrap(), [1]);
}
