//! Another release of the zone database: what moves, and what is found then.

use cal_store::{
    Backend, ComponentKind, IndexBasis, IndexRow, Memory, PageRequest, Put, Reindex, ReindexReport,
    Reindexed, Span, SpanQuery, Sqlite, Store, Timestamp,
};

use crate::scene::{calendar, calendar_of_ada, cause, ics};

/// All zones as they are, but for Berlin, which had no summer time.
pub(crate) fn basis_without_summer_time() -> IndexBasis {
    let now = IndexBasis::current().zones;
    let (before, rest) = now.split_once("TZID:Europe/Berlin\r\n").unwrap();
    let (_, after) = rest.split_once("END:VTIMEZONE").unwrap();
    let winter = "TZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
         TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n";
    let zones = format!("{before}{winter}END:VTIMEZONE{after}");
    IndexBasis::new(IndexBasis::current().form, "1999z", zones)
}

/// A store whose index was made with another release, with an event in Berlin, one
/// in Paris and one in UTC.
async fn outdated(basis: IndexBasis) -> Store {
    let memory = Memory::new();
    memory.set_index_basis(basis).await.unwrap();
    let store = Store::new(memory);
    let id = calendar_of_ada(&store).await;
    for (uid, start) in [
        ("berlin", "DTSTART;TZID=Europe/Berlin:20270701T090000"),
        ("paris", "DTSTART;TZID=Europe/Paris:20270701T090000"),
        ("utc", "DTSTART:20270701T090000Z"),
    ] {
        let text = calendar(&format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T080000Z\r\n{start}\r\n\
             ATTENDEE:mailto:bo@example.com\r\nEND:VEVENT\r\n"
        ));
        store
            .put(Put::new(id, ics(uid), text), &cause())
            .await
            .unwrap();
    }
    store
}

async fn refreshed(store: &Store) -> ReindexReport {
    store.reindex(Reindex::outdated(cause().at)).await.unwrap()
}

#[tokio::test]
async fn events_in_a_zone_that_has_changed_are_told_with_both_instants() {
    let store = outdated(basis_without_summer_time()).await;
    let report = refreshed(&store).await;
    assert_eq!(report.tzdata_before.as_deref(), Some("1999z"));
    let [moved] = &*report.moved else {
        panic!("{:?}", report.moved);
    };
    assert_eq!(moved.name, ics("berlin"));
    let event = &moved.events[0];
    assert_eq!(event.attendees, ["mailto:bo@example.com"]);
    let occurrence = &event.occurrences[0];
    let (old, new) = (occurrence.old.unwrap(), occurrence.new.unwrap());
    assert_eq!(old.start.to_rfc3339(), "2027-07-01T08:00:00+00:00");
    assert_eq!(new.start.to_rfc3339(), "2027-07-01T07:00:00+00:00");
    assert!(store.index_basis().await.unwrap().unwrap().is_current());
}

#[tokio::test]
async fn only_objects_with_zones_are_indexed_again_for_another_release() {
    let store = outdated(basis_without_summer_time()).await;
    let report = refreshed(&store).await;
    assert_eq!((report.read, report.reindexed), (3, 2));
    assert_eq!(refreshed(&store).await.reindexed, 0);
}

#[tokio::test]
async fn a_release_without_other_rules_asks_for_nothing() {
    let basis = IndexBasis::new(
        IndexBasis::current().form,
        "1999z",
        IndexBasis::current().zones,
    );
    let store = outdated(basis).await;
    let report = refreshed(&store).await;
    assert_eq!((report.read, report.moved.len()), (0, 0));
    assert!(store.index_basis().await.unwrap().unwrap().is_current());
}

#[tokio::test]
async fn another_form_of_the_index_asks_for_everything() {
    let store = outdated(IndexBasis::new(0, "1999z", IndexBasis::current().zones)).await;
    assert_eq!(refreshed(&store).await.reindexed, 3);
}

#[tokio::test]
async fn a_dry_run_tells_what_moves_and_changes_nothing() {
    let store = outdated(basis_without_summer_time()).await;
    let report = store.reindex(Reindex::outdated(cause().at).dry_run()).await;
    assert_eq!(report.unwrap().moved.len(), 1);
    assert!(!store.index_basis().await.unwrap().unwrap().is_current());
}

#[tokio::test]
async fn an_object_that_changed_meanwhile_keeps_the_index_of_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let backend = Sqlite::open(&path).await.unwrap();
    let store = Store::new(Sqlite::open(&path).await.unwrap());
    let id = calendar_of_ada(&store).await;
    let event = |day: &str| {
        calendar(&format!(
            "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260901T080000Z\r\n\
             DTSTART:202609{day}T120000Z\r\nEND:VEVENT\r\n"
        ))
    };
    let put = |day: &str| Put::new(id, ics("1"), event(day));
    store.put(put("21"), &cause()).await.unwrap();
    let indexed = backend.indexed(None, PageRequest::first(9)).await.unwrap();
    let old = indexed.items.into_iter().next().unwrap();
    let index = IndexRow::new("1".parse().unwrap(), ComponentKind::Event);
    let late = Reindexed {
        collection: old.collection,
        name: old.object.entry.name,
        etag: old.object.entry.etag,
        index,
    };
    store.put(put("28"), &cause()).await.unwrap();
    backend.reindex(vec![late]).await.unwrap();
    let day = |day: i64| Timestamp::from_millis(1_789_948_800_000 + day * 86_400_000);
    let found = async |span: Span| {
        let query = SpanQuery::new(id, span);
        let page = store.overlapping(query, PageRequest::first(9)).await;
        page.unwrap().items.len()
    };
    assert_eq!(found(Span::new(day(0), day(1))).await, 0);
    assert_eq!(found(Span::new(day(7), day(8))).await, 1);
}
