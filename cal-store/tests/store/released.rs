//! What stores that earlier releases have written must hold, whatever database
//! they are in: the fixtures in `data` say the same for each.

use cal_freebusy::Interval;
use cal_store::{
    AuditChain, Category, Cause, CollectionId, CollectionName, ETag, JobFilter, ObjectName,
    PageRequest, PrincipalName, Put, Reindex, SearchQuery, Store, Timestamp, Via,
};
use chrono::{DateTime, TimeDelta};

use crate::scene::{cause, event, ics, put};

/// So many seconds after the first of the writes.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000 + seconds * 1000)
}

async fn calendar_of(store: &Store, name: &str) -> CollectionId {
    let name = PrincipalName::new(name).unwrap();
    let owner = store.principal(&name).await.unwrap().unwrap();
    let home = store.home(owner.id).await.unwrap();
    let name = CollectionName::new("calendar").unwrap();
    store.child(home.id, &name).await.unwrap().unwrap().id
}

async fn names_at(store: &Store, id: CollectionId, seconds: i64) -> Vec<String> {
    let page = PageRequest::first(100);
    let then = store.collection_at(id, at(seconds), page).await.unwrap();
    let entries = then.unwrap().entries.items.into_iter();
    entries.map(|entry| entry.name.to_string()).collect()
}

/// `lunch.ics` in two versions, `gone.ics` made and deleted, `again.ics` deleted
/// and made again.
pub(crate) async fn objects_with_their_versions_are_there(store: &Store) {
    let id = calendar_of(store, "ada").await;
    let read = async |name: &ObjectName| store.object(id, name).await.unwrap().unwrap().body;
    assert_eq!(read(&ics("lunch")).await, event("lunch", "Late lunch"));
    assert_eq!(read(&ics("again")).await, event("again", "Second"));
    let found = store.collection(id).await.unwrap().unwrap();
    assert_eq!(found.details.color.as_deref(), Some("#112233"));
    assert_eq!(found.properties.len(), 1);
    assert!(store.password(found.owner).await.unwrap().is_some());
    for (name, versions) in [("lunch", 2), ("gone", 1), ("again", 2)] {
        let page = PageRequest::first(9);
        let found = store.versions(id, &ics(name), page).await.unwrap().items;
        assert_eq!(found.len(), versions, "{name}");
        for version in found {
            let body = store.version(id, &ics(name), version.id).await.unwrap();
            assert_eq!(ETag::of(&body.unwrap().body), version.etag, "{name}");
        }
    }
}

pub(crate) async fn the_log_stands_where_it_stood(store: &Store, sequence: u64) {
    let id = calendar_of(store, "ada").await;
    let log = store.changes(id, None, 100).await.unwrap();
    assert_eq!(log.token.sequence(), sequence);
}

/// What was there at some instants, a calendar that went to the trash included.
pub(crate) async fn the_past_is_what_it_was(store: &Store) {
    let id = calendar_of(store, "ada").await;
    let expected: [(i64, &[&str]); 6] = [
        (15, &["lunch.ics"]),
        (35, &["gone.ics", "lunch.ics"]),
        (45, &["lunch.ics"]),
        (55, &["again.ics", "lunch.ics"]),
        (65, &["lunch.ics"]),
        (75, &["again.ics", "lunch.ics"]),
    ];
    for (seconds, names) in expected {
        assert_eq!(names_at(store, id, seconds).await, names, "{seconds}");
    }
    let found = store.collection(id).await.unwrap().unwrap();
    let trash = store.trash(found.owner).await.unwrap();
    let [(_, old)] = &*trash else {
        panic!("{trash:?}");
    };
    assert_eq!(names_at(store, old.id, 85).await, ["plan.ics"]);
    let page = PageRequest::first(9);
    let trashed = store.collection_at(old.id, at(95), page).await.unwrap();
    assert_eq!(trashed, None);
}

/// A store without an index is searched, and tells its times, once it has one.
pub(crate) async fn an_index_is_made_of_what_had_none(store: &Store) {
    let id = calendar_of(store, "ada").await;
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
        assert_eq!(found(store, id, text).await, count, "{text}");
    }
}

async fn found(store: &Store, id: CollectionId, text: &str) -> usize {
    let query = SearchQuery::new(id, text).unwrap();
    let found = store.search(query, PageRequest::first(9)).await;
    found.unwrap().items.len()
}

/// A store that kept no audit chains begins them with the next change.
pub(crate) async fn audit_chains_begin_with_the_next_change(store: &Store) {
    let id = calendar_of(store, "ada").await;
    let report = store.verify_audit(&[]).await.unwrap();
    assert_eq!(report.broken, []);
    store.put(put(id, "new", "New"), &cause()).await.unwrap();
    let chain = AuditChain::Collection(id);
    let page = store.audit(chain, 0, 10).await.unwrap();
    let numbers: Vec<_> = page.records.iter().map(|it| it.entry.number).collect();
    assert_eq!(numbers, [8]);
    let upkeep = Cause::new(Via::System, at(1_000));
    store.prune(at(50), &upkeep).await.unwrap();
    let report = store.verify_audit(&[]).await.unwrap();
    assert_eq!(report.broken, []);
}

/// What the fifth schema holds more than the first: index, audit chains, a job,
/// a secret, and a room with an event and a time that is held.
pub(crate) async fn all_of_the_fifth_schema_is_there(store: &Store) {
    let id = calendar_of(store, "ada").await;
    let report = store.verify_audit(&[]).await.unwrap();
    assert_eq!(report.broken, []);
    assert!(report.entries > 0);
    assert_eq!(found(store, id, "team").await, 1);
    let work = Category::of("work").unwrap();
    let query = SearchQuery::new(id, "").unwrap().with_category(work);
    let page = store.search(query, PageRequest::first(9)).await.unwrap();
    assert_eq!(page.items.len(), 1);
    let day = cal_store::Span::new(at(0), at(86_400));
    let due = store.due(day, PageRequest::first(10)).await;
    assert_eq!(due.unwrap().items.len(), 1);
    let jobs = store
        .jobs(JobFilter::default(), PageRequest::first(9))
        .await;
    assert_eq!(jobs.unwrap().items.len(), 1);
    let basis = store.index_basis().await.unwrap().unwrap();
    assert_eq!(basis.tzdata, "2026a");
    the_room_is_taken_as_it_was(store).await;
}

async fn the_room_is_taken_as_it_was(store: &Store) {
    let room = calendar_of(store, "room").await;
    let cause = Cause::new(Via::Dav, at(200));
    for (uid, start) in [("a", "20260922T093000Z"), ("b", "20260922T103000Z")] {
        let times = format!("DTSTART:{start}\r\nDURATION:PT15M\r\n");
        let body = event(uid, "Mine").replace("DTSTART:20260921T120000Z\r\n", &times);
        let refused = store.put(Put::new(room, ics(uid), body), &cause).await;
        let is_refused = matches!(refused, Err(cal_store::Error::DoubleBooking { .. }));
        assert!(is_refused, "{uid}: {refused:?}");
    }
}

/// It can be written to, and copied whole.
pub(crate) async fn it_goes_on(store: &Store) {
    let id = calendar_of(store, "ada").await;
    let cause = Cause::new(Via::Dav, at(2_000));
    store.put(put(id, "lunch", "Later"), &cause).await.unwrap();
    store.put(put(id, "next", "Next"), &cause).await.unwrap();
    assert_eq!(store.verify_audit(&[]).await.unwrap().broken, []);
    let copied = store.copy_to(&Store::memory(), |_| {}).await.unwrap();
    assert_eq!(copied.checksum, store.checksum().await.unwrap());
}
