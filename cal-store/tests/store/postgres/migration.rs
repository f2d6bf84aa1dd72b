//! Making and upgrading the schema.

use cal_store::{Error, Postgres, Store};
use futures::future::try_join_all;

use super::server::{client, database};
use crate::scene::calendar_of_ada;

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

#[tokio::test]
async fn a_database_that_is_not_there_is_an_error_at_once() {
    let Some(settings) = database().await else {
        return;
    };
    let elsewhere = settings.replace("dbname=", "dbname=no_");
    let refused = Postgres::connect(&elsewhere).await;
    assert!(matches!(refused, Err(Error::Backend(_))), "{refused:?}");
}
