//! Calendars of our own stores.

use cal_store::{
    Cause, CollectionId, CollectionName, NewPrincipal, ObjectName, PageRequest, PrincipalName, Put,
    Store, Via,
};
use cal_sync::endpoint::{Access, StoreCalendar};
use cal_sync::{Error, Mapping, Memory};

use crate::pair::{event, run};

/// A store in memory with a calendar in it.
pub(crate) async fn store() -> (Store, CollectionId) {
    let store = Store::memory();
    let name = PrincipalName::new("ada").unwrap();
    let ada = store
        .create_principal(NewPrincipal::new(name), &by_hand())
        .await
        .unwrap();
    let home = store.home(ada.id).await.unwrap();
    let name = CollectionName::new("calendar").unwrap();
    let calendar = store.child(home.id, &name).await.unwrap().unwrap();
    (store, calendar.id)
}

pub(crate) fn by_hand() -> Cause {
    Cause::new(Via::Dav, cal_store::Timestamp::from_millis(0))
}

pub(crate) async fn put(store: &Store, calendar: CollectionId, uid: &str, summary: &str) {
    let name = ObjectName::new(format!("{}.ics", uid.replace('/', "_"))).unwrap();
    let body = event(uid, &format!("SUMMARY:{summary}"));
    store
        .put(Put::new(calendar, name, body), &by_hand())
        .await
        .unwrap();
}

pub(crate) async fn text(store: &Store, calendar: CollectionId, uid: &str) -> String {
    let uid = cal_store::Uid::new(uid).unwrap();
    let object = store
        .object_by_uid(calendar, &uid)
        .await
        .unwrap()
        .expect("the object");
    String::from_utf8(object.body.to_vec()).unwrap()
}

#[tokio::test]
async fn two_stores_are_kept_the_same_through_the_one_write_path() {
    let (ours, work) = store().await;
    let (theirs, home) = store().await;
    let mapping = Mapping::new(
        StoreCalendar::new(ours.clone(), work),
        StoreCalendar::new(theirs.clone(), home),
    );
    let state = Memory::new();
    for number in 0..30 {
        put(&ours, work, &format!("{number}"), "Old").await;
    }
    put(&theirs, home, "a/b: c?", "Old").await;
    let report = mapping.run(&state, &run()).await.unwrap();
    assert_eq!(
        (report.written.a.created, report.written.b.created),
        (1, 30)
    );
    put(&ours, work, "3", "New").await;
    put(&theirs, home, "4", "Newer").await;
    let report = mapping.run(&state, &run()).await.unwrap();
    assert_eq!(
        (report.written.a.updated, report.written.b.updated),
        (1, 1),
        "{report}"
    );
    assert_eq!(mapping.run(&state, &run()).await.unwrap().writes(), 0);
    assert!(text(&theirs, home, "3").await.contains("New"));
    assert!(text(&ours, work, "4").await.contains("Newer"));
    assert!(text(&ours, work, "a/b: c?").await.contains("Old"));

    let name = ObjectName::new("3.ics").unwrap();
    let versions = theirs
        .versions(home, &name, PageRequest::first(10))
        .await
        .unwrap();
    let last = &versions.items[0].made;
    assert_eq!((last.via, last.note.as_deref()), (Via::Sync, Some("test")));
}

#[tokio::test]
async fn a_read_only_calendar_of_a_store_is_not_written() {
    let (ours, work) = store().await;
    let (theirs, home) = store().await;
    put(&theirs, home, "1", "Theirs").await;
    let frozen = StoreCalendar::new(ours.clone(), work).with_access(Access::ReadOnly);
    let mapping = Mapping::new(frozen, StoreCalendar::new(theirs, home));
    let report = mapping.run(&Memory::new(), &run()).await.unwrap();
    assert_eq!((report.writes(), report.skipped.len()), (0, 1));
}

#[tokio::test]
async fn a_store_that_was_replaced_is_another_collection() {
    let (ours, work) = store().await;
    let (theirs, home) = store().await;
    put(&ours, work, "1", "Old").await;
    let state = Memory::new();
    let ours = StoreCalendar::new(ours, work);
    Mapping::new(ours.clone(), StoreCalendar::new(theirs, home))
        .run(&state, &run())
        .await
        .unwrap();
    let (restored, empty) = store().await;
    let refused = Mapping::new(ours, StoreCalendar::new(restored, empty))
        .run(&state, &run())
        .await;
    assert!(matches!(refused, Err(Error::IdentityChanged { .. })));
}

#[tokio::test]
async fn a_calendar_that_is_gone_deletes_nothing_elsewhere() {
    let (ours, work) = store().await;
    let (theirs, home) = store().await;
    put(&ours, work, "1", "Old").await;
    let mapping = Mapping::new(
        StoreCalendar::new(ours.clone(), work),
        StoreCalendar::new(theirs.clone(), home),
    );
    let state = Memory::new();
    mapping.run(&state, &run()).await.unwrap();
    ours.delete_collection(work, &by_hand()).await.unwrap();
    assert!(matches!(
        mapping.run(&state, &run()).await,
        Err(Error::Unreachable(_))
    ));
    assert!(text(&theirs, home, "1").await.contains("Old"));
}

#[tokio::test]
async fn an_object_whose_name_is_taken_by_another_uid_gets_another_name() {
    let (ours, work) = store().await;
    let (theirs, home) = store().await;
    put(&ours, work, "1", "First").await;
    let name = ObjectName::new("1.ics").unwrap();
    let other = Put::new(home, name, event("2", "SUMMARY:Second"));
    theirs.put(other, &by_hand()).await.unwrap();
    let mapping = Mapping::new(
        StoreCalendar::new(ours.clone(), work),
        StoreCalendar::new(theirs.clone(), home),
    );
    let state = Memory::new();
    let report = mapping.run(&state, &run()).await.unwrap();
    assert_eq!((report.writes(), report.failed.len()), (2, 0), "{report}");
    assert_eq!(mapping.run(&state, &run()).await.unwrap().writes(), 0);
    for (uid, summary) in [("1", "First"), ("2", "Second")] {
        assert!(text(&ours, work, uid).await.contains(summary));
        assert!(text(&theirs, home, uid).await.contains(summary));
    }
}
