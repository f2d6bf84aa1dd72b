//! Connections that are cut and servers that stop in the middle of writes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cal_store::{Cause, CollectionId, ETag, Error, PageRequest, Postgres, Store, Timestamp, Via};

use super::server::{Restart, Server, client, cut_connections, database};
use crate::scene::{calendar_of_ada, cause, event, ics, put};

/// What writers were told: the version of each name, or that nobody knows.
type Told = BTreeMap<String, Option<ETag>>;

/// Stores new objects until it is told to stop.
async fn write(store: Store, calendar: CollectionId, task: u32, stop: Arc<AtomicBool>) -> Told {
    let mut told = Told::new();
    for step in 0_u32.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let uid = format!("{task}-{step}");
        let etag = match store.put(put(calendar, &uid, "Event"), &cause()).await {
            Ok(stored) => Some(stored.etag),
            Err(Error::OutcomeUnknown) => None,
            Err(error) => panic!("{uid}: {error:?}"),
        };
        told.insert(ics(&uid).to_string(), etag);
    }
    told
}

/// Writes from many tasks while `disturb` runs, and holds what they were told
/// against what is there.
async fn disturbed(settings: &str, disturb: impl AsyncFnOnce()) {
    let store = Store::new(Postgres::connect(settings).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..16)
        .map(|task| tokio::spawn(write(store.clone(), calendar, task, Arc::clone(&stop))))
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    disturb().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    stop.store(true, Ordering::Relaxed);
    let mut told = Told::new();
    for writer in writers {
        told.extend(writer.await.unwrap());
    }
    assert!(
        told.len() > 16,
        "hardly anything was written: {}",
        told.len()
    );
    let log = store.changes(calendar, None, 10_000).await.unwrap();
    let mut sequences: Vec<_> = log.changes.iter().map(|change| change.sequence).collect();
    sequences.sort_unstable();
    let listed = listed(&store, calendar).await;
    let expected: Vec<_> = (1..=listed.len() as u64).collect();
    assert_eq!(sequences, expected, "each object is in the log once");
    for (name, etag) in &told {
        if let Some(etag) = etag {
            assert_eq!(listed.get(name), Some(etag), "{name} was acknowledged");
        }
    }
    let unheard: Vec<_> = listed
        .keys()
        .filter(|name| !told.contains_key(*name))
        .collect();
    assert!(unheard.is_empty(), "nobody stored {unheard:?}");
}

async fn listed(store: &Store, calendar: CollectionId) -> BTreeMap<String, ETag> {
    let mut listed = BTreeMap::new();
    let mut page = PageRequest::first(1_000);
    loop {
        let found = store.entries(calendar, page).await.unwrap();
        listed.extend(found.items.iter().map(|it| (it.name.to_string(), it.etag)));
        match found.next {
            Some(next) => page = PageRequest::after(next, 1_000),
            None => return listed,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_do_not_notice_that_their_connections_are_cut() {
    let Some(settings) = database().await else {
        return;
    };
    disturbed(&settings, async || {
        for _ in 0..10 {
            cut_connections(&settings).await;
            tokio::time::sleep(Duration::from_millis(37)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_wait_for_a_server_that_is_restarted() {
    let Some(server) = Server::start() else {
        return;
    };
    let settings = server.database().await;
    disturbed(&settings, async || server.restart(Restart::Fast)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_server_crashes() {
    let Some(server) = Server::start() else {
        return;
    };
    let settings = server.database().await;
    disturbed(&settings, async || server.restart(Restart::Immediate)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_go_on_after_their_connections_are_cut() {
    let Some(settings) = database().await else {
        return;
    };
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    store
        .put(put(calendar, "a", "Event"), &cause())
        .await
        .unwrap();
    for _ in 0..20 {
        cut_connections(&settings).await;
        let found = store.object(calendar, &ics("a")).await.unwrap();
        assert_eq!(found.unwrap().body, event("a", "Event"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_the_database_refuses_does_not_take_others_down() {
    let Some(settings) = database().await else {
        return;
    };
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let poison = "ALTER TABLE objects ADD CHECK (name <> 'poison.ics')";
    client(&settings).await.batch_execute(poison).await.unwrap();
    let uids = ["a", "poison", "b"];
    let puts = uids.map(|uid| put(calendar, uid, "Event")).to_vec();
    let stored = store.put_each(puts, &cause()).await;
    assert!(stored[0].is_ok() && stored[2].is_ok(), "{stored:?}");
    assert!(matches!(stored[1], Err(Error::Backend(_))), "{stored:?}");
    let token = store.collection(calendar).await.unwrap().unwrap().token;
    assert_eq!(token.sequence(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_waits_for_another_who_holds_the_calendar() {
    let Some(settings) = database().await else {
        return;
    };
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    let other = client(&settings).await;
    let hold = "BEGIN; SELECT 1 FROM collections FOR UPDATE";
    other.batch_execute(hold).await.unwrap();
    let writing = tokio::spawn({
        let store = store.clone();
        async move { store.put(put(calendar, "a", "Event"), &cause()).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!writing.is_finished());
    // Who only reads need not wait.
    store
        .entries(calendar, PageRequest::first(1))
        .await
        .unwrap();
    other.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(writing.await.unwrap().unwrap().token.sequence(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gives_up_on_a_pruning_leaves_no_transaction_open() {
    const OPEN: &str = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cal' \
         AND datname = current_database() AND state <> 'idle'";
    let Some(settings) = database().await else {
        return;
    };
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    for summary in ["One", "Two"] {
        let put = put(calendar, "a", summary);
        store.put(put, &cause()).await.unwrap();
    }
    let late = Timestamp::from_millis(cause().at.millis() + 1_000);
    let upkeep = Cause::new(Via::System, late);

    // A pruning waits for this row, in the middle of its transaction.
    let other = client(&settings).await;
    let hold = "BEGIN; SELECT 1 FROM workspaces FOR UPDATE";
    other.batch_execute(hold).await.unwrap();
    let waited = Duration::from_millis(300);
    let given_up = tokio::time::timeout(waited, store.prune(late, &upkeep)).await;
    assert!(given_up.is_err(), "{given_up:?}");
    other.batch_execute("COMMIT").await.unwrap();

    let open = async || other.query_one(OPEN, &[]).await.unwrap().get::<_, i64>(0);
    for _ in 0..100 {
        if open().await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(open().await, 0, "a transaction is open");
    let page = PageRequest::first(10);
    let versions = store.versions(calendar, &ics("a"), page.clone()).await;
    assert_eq!(versions.unwrap().items.len(), 2, "nothing was pruned");
    assert_eq!(store.prunings(page).await.unwrap().items, []);
    assert_eq!(store.prune(late, &upkeep).await.unwrap().versions, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_object_that_cannot_be_read_hides_no_other() {
    let Some(settings) = database().await else {
        return;
    };
    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let calendar = calendar_of_ada(&store).await;
    for uid in ["broken", "whole"] {
        let put = put(calendar, uid, "Event");
        store.put(put, &cause()).await.unwrap();
    }
    let tamper = "UPDATE objects SET etag = '\\x00' WHERE name = 'broken.ics'";
    client(&settings).await.batch_execute(tamper).await.unwrap();
    let readers = (0..64).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            for round in 0..20 {
                let is_broken = (number + round) % 8 == 0;
                let uid = if is_broken { "broken" } else { "whole" };
                let read = store.object(calendar, &ics(uid)).await;
                assert_eq!(read.is_err(), is_broken, "{read:?}");
            }
        })
    });
    for reader in readers.collect::<Vec<_>>() {
        reader.await.unwrap();
    }
}
