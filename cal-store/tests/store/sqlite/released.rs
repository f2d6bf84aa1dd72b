//! Stores that earlier releases have written, as they dumped them.

use cal_store::{Sqlite, Store};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::released;

const V1: &str = include_str!("../data/sqlite-V1.sql");
const V5: &str = include_str!("../data/sqlite-V5.sql");

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

#[tokio::test]
async fn the_first_schema_opens_and_keeps_its_data() {
    let (_folder, store) = opened(V1).await;
    released::objects_with_their_versions_are_there(&store).await;
    released::the_log_stands_where_it_stood(&store, 7).await;
    released::it_goes_on(&store).await;
}

#[tokio::test]
async fn the_first_schema_answers_what_was_there() {
    let (_folder, store) = opened(V1).await;
    released::the_past_is_what_it_was(&store).await;
}

#[tokio::test]
async fn the_first_schema_is_searched_and_tells_its_times_once_it_is_indexed() {
    let (_folder, store) = opened(V1).await;
    released::an_index_is_made_of_what_had_none(&store).await;
}

#[tokio::test]
async fn the_audit_chains_of_the_first_schema_begin_with_the_next_change() {
    let (_folder, store) = opened(V1).await;
    released::audit_chains_begin_with_the_next_change(&store).await;
}

#[tokio::test]
async fn the_fifth_schema_opens_and_keeps_its_data() {
    let (_folder, store) = opened(V5).await;
    released::objects_with_their_versions_are_there(&store).await;
    released::the_past_is_what_it_was(&store).await;
    released::the_log_stands_where_it_stood(&store, 8).await;
    released::all_of_the_fifth_schema_is_there(&store).await;
    released::it_goes_on(&store).await;
}
