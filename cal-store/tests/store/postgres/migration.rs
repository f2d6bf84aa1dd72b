//! Making and upgrading the schema.

use cal_store::{CollectionId, Error, PageRequest, Postgres, Store, Timestamp};
use futures::future::try_join_all;
use refinery::{Migration, Runner};

use super::server::{client, database};
use crate::scene::{calendar_of_ada, cause, put};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_nodes_start_at_once_on_an_empty_database() {
    let Some(settings) = database().await else {
        return;
    };
    let nodes = (0..8).map(|_| Postgres::connect(&settings));
    let nodes = try_join_all(nodes).await.unwrap();
    let stores: Vec<_> = nodes.into_iter().map(Store::new).collect();
    let calendar = calendar_of_ada(&stores[0]).await;
    for store in &stores {
        assert_eq!(store.epoch(), stores[0].epoch());
        assert!(store.collection(calendar).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let Some(settings) = database().await else {
        return;
    };
    drop(Postgres::connect(&settings).await.unwrap());
    let newer = "INSERT INTO refinery_schema_history VALUES (99, 'newer', '', '1')";
    client(&settings).await.batch_execute(newer).await.unwrap();
    let refused = Postgres::connect(&settings).await;
    assert!(
        matches!(refused, Err(Error::NewerSchema { found: 99, .. })),
        "{refused:?}"
    );
}

/// A principal with a home, a calendar that has had seven changes, and one in
/// the trash since the instant 30.
const FIRST_SCHEMA: &str = "INSERT INTO workspaces VALUES (1, 5);
    INSERT INTO principals VALUES (1, 1, 'ada', 'ada', 'individual', false, NULL, 10, NULL);
    INSERT INTO collections (workspace_id, collection_id, owner_id, parent_id, name, kind,
        components, is_transparent, created, modified, sequence, parent_sequence, trashed_at,
        trash_root)
    VALUES (1, 2, 1, NULL, '1', 'home', NULL, false, 10, 30, 3, NULL, NULL, NULL),
        (1, 3, 1, 2, 'calendar', 'calendar', 'VEVENT', false, 10, 20, 7, 1, NULL, NULL),
        (1, 4, 1, 2, 'old', 'calendar', 'VEVENT', false, 10, 10, 0, 2, 30, 4);
    INSERT INTO properties VALUES (1, 4, '', 'urn:x', 'mood', 'fine')";

#[tokio::test]
async fn a_database_of_the_first_schema_goes_on_with_what_it_had() {
    let Some(settings) = database().await else {
        return;
    };
    let first = include_str!("../../../migrations/postgres/V1__initial.sql");
    let first = Migration::unapplied("V1__initial", first).unwrap();
    let mut database = client(&settings).await;
    let applied = Runner::new(&[first]).run_async(&mut database).await;
    applied.unwrap();
    database.batch_execute(FIRST_SCHEMA).await.unwrap();

    let store = Store::new(Postgres::connect(&settings).await.unwrap());
    let [home, calendar, old] = [2, 3, 4].map(CollectionId::from_raw);
    let names = async |millis: i64| {
        let (at, page) = (Timestamp::from_millis(millis), PageRequest::first(9));
        let children = store.children_at(home, at, page).await.unwrap().items;
        let names = children.iter().map(|it| it.name.to_string());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(9).await, [""; 0]);
    assert_eq!(names(29).await, ["calendar", "old"]);
    assert_eq!(names(30).await, ["calendar"]);
    let (at, page) = (Timestamp::from_millis(29), PageRequest::first(9));
    let then = store.collection_at(old, at, page).await.unwrap().unwrap();
    assert_eq!(then.collection.properties.len(), 1);

    store
        .put(put(calendar, "a", "Event"), &cause())
        .await
        .unwrap();
    let report = store.verify_audit(&[]).await.unwrap();
    assert_eq!((report.broken, report.entries), (Vec::new(), 1));
}

#[tokio::test]
async fn a_database_that_is_not_there_is_an_error_at_once() {
    let Some(settings) = database().await else {
        return;
    };
    let elsewhere = settings.replace("dbname=", "dbname=no_");
    let refused = Postgres::connect(&elsewhere).await;
    assert!(matches!(refused, Err(Error::Backend(_))), "{refused:?}");
}
