//! What a store needs of memory does not depend on what it holds. A process of
//! its own, for other tests would be measured with it.
//!
//! `CAL_STREAM_OBJECTS` sets how many objects are read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests stop at the first surprise"
)]
#![cfg(target_os = "linux")]

#[cfg(feature = "postgres")]
#[path = "store/postgres/server.rs"]
#[expect(dead_code, reason = "other tests do more with it")]
mod server;

use cal_store::{
    Cause, CollectionId, Durability, NewPrincipal, PageRequest, PrincipalName, Put, Span,
    SpanQuery, Sqlite, Store, Timestamp, Via,
};
use tokio::sync::Mutex;

/// One is measured after the other.
static TURN: Mutex<()> = Mutex::const_new(());

/// Objects read at a time.
const PAGE: usize = 200;

/// Bytes of each object, about.
const BYTES: usize = 4 << 10;

/// How much more memory may be in use at the end than near the beginning: less
/// than what is read, more than what connections come to remember.
const GROWTH: u64 = 24 << 20;

fn objects() -> usize {
    let objects = std::env::var("CAL_STREAM_OBJECTS").ok();
    let objects = objects.and_then(|objects| objects.parse().ok());
    objects.unwrap_or(10_000)
}

fn cause() -> Cause {
    Cause::new(Via::Dav, Timestamp::from_millis(1_790_000_000_000))
}

/// Bytes of memory that the process has now.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.unwrap().trim().trim_end_matches(" kB");
    kib.parse::<u64>().unwrap() << 10
}

/// A calendar with so many objects.
async fn fill(store: &Store, count: usize) -> CollectionId {
    let name = PrincipalName::new("ada").unwrap();
    let new = NewPrincipal::new(name);
    let ada = store.create_principal(new, &cause()).await.unwrap();
    let home = store.home(ada.id).await.unwrap();
    let name = "calendar".parse().unwrap();
    let calendar = store.child(home.id, &name).await.unwrap().unwrap().id;
    let text = "Figures ".repeat(BYTES / 8);
    let numbers: Vec<_> = (0..count).collect();
    for numbers in numbers.chunks(1_000) {
        let puts = numbers.iter().map(|number| {
            let name = format!("{number}.ics").parse().unwrap();
            let event = format!(
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\n\
                 UID:{number}\r\nDTSTAMP:20260901T080000Z\r\nDTSTART:20260921T120000Z\r\n\
                 DESCRIPTION:{text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            );
            Put::new(calendar, name, event)
        });
        for stored in store.put_each(puts.collect(), &cause()).await {
            stored.unwrap();
        }
    }
    calendar
}

/// Reads a whole calendar, page by page, and holds what is in use near the
/// beginning against the most that is later.
async fn stream(store: &Store) {
    let count = objects();
    let calendar = fill(store, count).await;
    let (mut read, mut first, mut most) = (0, 0, 0);
    let mut page = PageRequest::first(PAGE);
    loop {
        let query = SpanQuery::new(calendar, Span::ALWAYS);
        let found = store.overlapping(query, page).await.unwrap();
        read += found.items.len();
        if read <= count / 10 {
            first = resident();
        }
        most = most.max(resident());
        match found.next {
            Some(next) => page = PageRequest::after(next, PAGE),
            None => break,
        }
    }
    assert_eq!(read, count);
    let growth = most.saturating_sub(first);
    println!(
        "{read} objects: {} KiB more than near the beginning",
        growth >> 10
    );
    assert!(growth < GROWTH, "{growth} bytes more");
}

/// Large objects, and bytes of each, about.
const LARGE: (usize, usize) = (40, 3 << 20);

/// What may be in use at once while all of them are read: less than they have.
const AT_ONCE: u64 = 80 << 20;

/// The most memory that the process has had since it was asked to forget it.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.unwrap().trim().trim_end_matches(" kB");
    kib.parse::<u64>().unwrap() << 10
}

/// How much more memory than before is in use at once while something is done.
async fn growth(what: &str, work: impl Future<Output = usize>) {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = resident();
    assert_eq!(work.await, LARGE.0, "{what}");
    let growth = peak().saturating_sub(before);
    println!("{what}: {} KiB at once", growth >> 10);
    assert!(growth < AT_ONCE, "{what}: {growth} bytes at once");
}

/// Reads large objects in every way in which many are read at once.
async fn read_large(store: &Store) {
    let name = PrincipalName::new("ada").unwrap();
    let new = NewPrincipal::new(name);
    let ada = store.create_principal(new, &cause()).await.unwrap();
    let home = store.home(ada.id).await.unwrap();
    let name = "calendar".parse().unwrap();
    let calendar = store.child(home.id, &name).await.unwrap().unwrap().id;
    let text = "QUJD".repeat(LARGE.1 / 4);
    let names: Vec<cal_store::ObjectName> = (0..LARGE.0)
        .map(|number| format!("{number}.ics").parse().unwrap())
        .collect();
    for (number, name) in names.iter().enumerate() {
        let event = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\n\
             UID:{number}\r\nDTSTAMP:20260901T080000Z\r\nDTSTART:20260921T120000Z\r\n\
             ATTACH;ENCODING=BASE64;VALUE=BINARY:{text}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let put = Put::new(calendar, name.clone(), event);
        store.put(put, &cause()).await.unwrap();
    }
    drop(text);
    growth("a window", async {
        let mut read = 0;
        let mut page = Some(PageRequest::first(PAGE));
        while let Some(request) = page {
            let query = SpanQuery::new(calendar, Span::ALWAYS);
            let found = store.overlapping(query, request).await.unwrap();
            read += found.items.len();
            page = found.next.map(|next| PageRequest::after(next, PAGE));
        }
        read
    })
    .await;
    growth("objects by name", async {
        let mut read = 0;
        while read < names.len() {
            let found = store.first_objects(calendar, &names[read..]).await.unwrap();
            assert!(found.iter().all(Option::is_some));
            read += found.len();
        }
        read
    })
    .await;
    growth("the index", async {
        let reindex = cal_store::Reindex::everything(cause().at);
        let report = store.reindex(reindex).await.unwrap();
        usize::try_from(report.reindexed).unwrap()
    })
    .await;
    growth("objects one by one", async {
        let read = names.iter().map(|name| {
            let (store, name) = (store.clone(), name.clone());
            tokio::spawn(async move { store.object(calendar, &name).await.unwrap().is_some() })
        });
        let mut there = 0;
        for read in read.collect::<Vec<_>>() {
            there += usize::from(read.await.unwrap());
        }
        there
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_objects_of_sqlite_are_not_all_in_memory_at_once() {
    let _turn = TURN.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let sqlite = Sqlite::open_with(path, Durability::Process).await.unwrap();
    read_large(&Store::new(sqlite)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn large_objects_of_postgres_are_not_all_in_memory_at_once() {
    let _turn = TURN.lock().await;
    let Some(server) = server::Server::start() else {
        return;
    };
    let settings = server.database().await;
    let postgres = cal_store::Postgres::connect(&settings).await.unwrap();
    read_large(&Store::new(postgres)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_is_flat_while_a_calendar_is_streamed_from_sqlite() {
    let _turn = TURN.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let sqlite = Sqlite::open_with(path, Durability::Process).await.unwrap();
    stream(&Store::new(sqlite)).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn memory_is_flat_while_a_calendar_is_streamed_from_postgres() {
    let _turn = TURN.lock().await;
    let Some(server) = server::Server::start() else {
        return;
    };
    let settings = server.database().await;
    let postgres = cal_store::Postgres::connect(&settings).await.unwrap();
    stream(&Store::new(postgres)).await;
}
