//! Stores that earlier releases have written, as they dumped them.

use cal_freebusy::Interval;
use cal_store::{
    AuditChain, Cause, CollectionId, CollectionName, ObjectName, PageRequest, PrincipalName, Put,
    Reindex, SearchQuery, Sqlite, Store, Timestamp, Via,
};
use chrono::{DateTime, TimeDelta};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::scene::{cause, event, ics, put};

/// A store of the first schema: `lunch.ics` in two versions, `gone.ics` made
/// and deleted, `again.ics` deleted and made again, a calendar in the trash.
const V1: &str = include_str!("../data/V1.sql");

/// So many seconds after the first of these writes.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000 + seconds * 1000)
}

async fn opened(dump: &str) -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(dump).unwrap();
    drop(connection);
    let sqlite = Sqlite::open(&path).await.unwrap();
    assert_eq!(
        sqlite.check_integrity().await.unwrap(),
        Vec::<String>::new()
    );
    (folder, Store::new(sqlite))
}

async fn calendar(store: &Store) -> CollectionId {
    let ada = PrincipalName::new("ada").unwrap();
    let ada = store.principal(&ada).await.unwrap().unwrap();
    let home = store.home(ada.id).await.unwrap();
    let name = CollectionName::new("calendar").unwrap();
    store.child(home.id, &name).await.unwrap().unwrap().id
}

async fn names_at(store: &Store, id: CollectionId, seconds: i64) -> Vec<String> {
    let page = PageRequest::first(100);
    let then = store.collection_at(id, at(seconds), page).await.unwrap();
    let entries = then.unwrap().entries.items.into_iter();
    entries.map(|entry| entry.name.to_string()).collect()
}

#[tokio::test]
async fn the_first_schema_opens_and_keeps_its_data() {
    let (_folder, store) = opened(V1).await;
    let id = calendar(&store).await;
    let read = async |name: &ObjectName| store.object(id, name).await.unwrap().unwrap().body;
    assert_eq!(read(&ics("lunch")).await, event("lunch", "Late lunch"));
    assert_eq!(read(&ics("again")).await, event("again", "Second"));
    let found = store.collection(id).await.unwrap().unwrap();
    assert_eq!(found.details.color.as_deref(), Some("#112233"));
    assert_eq!(found.properties.len(), 1);
    assert!(store.password(found.owner).await.unwrap().is_some());
    let log = store.changes(id, None, 100).await.unwrap();
    assert_eq!(log.token.sequence(), 7);
    for (name, versions) in [("lunch", 2), ("gone", 1), ("again", 2)] {
        let found = store.versions(id, &ics(name), PageRequest::first(9)).await;
        assert_eq!(found.unwrap().items.len(), versions, "{name}");
    }
}

#[tokio::test]
async fn the_first_schema_answers_what_was_there() {
    let (_folder, store) = opened(V1).await;
    let id = calendar(&store).await;
    let expected: [(i64, &[&str]); 6] = [
        (15, &["lunch.ics"]),
        (35, &["gone.ics", "lunch.ics"]),
        (45, &["lunch.ics"]),
        (55, &["again.ics", "lunch.ics"]),
        (65, &["lunch.ics"]),
        (75, &["again.ics", "lunch.ics"]),
    ];
    for (seconds, names) in expected {
        assert_eq!(names_at(&store, id, seconds).await, names, "{seconds}");
    }
    let found = store.collection(id).await.unwrap().unwrap();
    let trash = store.trash(found.owner).await.unwrap();
    let [(_, old)] = &*trash else {
        panic!("{trash:?}");
    };
    assert_eq!(names_at(&store, old.id, 85).await, ["plan.ics"]);
    let page = PageRequest::first(9);
    let trashed = store.collection_at(old.id, at(95), page).await.unwrap();
    assert_eq!(trashed, None);
}

#[tokio::test]
async fn the_first_schema_is_searched_and_tells_its_times_once_it_is_indexed() {
    let (_folder, store) = opened(V1).await;
    let id = calendar(&store).await;
    let owner = store.collection(id).await.unwrap().unwrap().owner;
    let dinner = event("dinner", "Dinner").replace("SUMMARY", "DURATION:PT1H\r\nSUMMARY");
    let dinner = Put::new(id, ics("dinner"), dinner);
    let cause = Cause::new(Via::Dav, at(1_000));
    store.put(dinner, &cause).await.unwrap();
    let noon = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    let day = Interval::new(noon - TimeDelta::hours(12), noon + TimeDelta::hours(12));
    let slots = store.busy_slots(owner, &day, at(1_000)).await.unwrap();
    assert_eq!((slots.known(), slots.slots().len()), (&day, 4));
    let report = store.reindex(Reindex::outdated(at(1_000))).await.unwrap();
    assert_eq!((report.tzdata_before, report.unindexed.len()), (None, 0));
    for (text, count) in [("late lun", 1), ("second", 1), ("dinner", 1), ("gone", 0)] {
        let query = SearchQuery::new(id, text).unwrap();
        let found = store.search(query, PageRequest::first(9)).await.unwrap();
        assert_eq!(found.items.len(), count, "{text}");
    }
}

#[tokio::test]
async fn the_audit_chains_of_the_first_schema_begin_with_the_next_change() {
    let (_folder, store) = opened(V1).await;
    let id = calendar(&store).await;
    let report = store.verify_audit(&[]).await.unwrap();
    assert_eq!(report.broken, []);
    store.put(put(id, "new", "New"), &cause()).await.unwrap();
    let page = store
        .audit(AuditChain::Collection(id), 0, 10)
        .await
        .unwrap();
    let numbers: Vec<_> = page.records.iter().map(|it| it.entry.number).collect();
    assert_eq!(numbers, [8]);
    let upkeep = Cause::new(Via::System, at(1_000));
    store.prune(at(50), &upkeep).await.unwrap();
    let report = store.verify_audit(&[]).await.unwrap();
    assert_eq!(report.broken, []);
}
