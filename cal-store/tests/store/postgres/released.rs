//! Stores that earlier releases have written: their migrations, and what they
//! held, as it was dumped.

use cal_store::{Postgres, Store};
use refinery::{Migration, Runner};

use super::server::{client, database};
use crate::released;

const V1: &str = include_str!("../data/postgres-V1.sql");
const V5: &str = include_str!("../data/postgres-V5.sql");

/// The migrations up to the fifth: what came later is not for these stores.
const MIGRATIONS: [(&str, &str); 5] = [
    (
        "V1__initial",
        include_str!("../../../migrations/postgres/V1__initial.sql"),
    ),
    (
        "V2__history",
        include_str!("../../../migrations/postgres/V2__history.sql"),
    ),
    (
        "V3__index",
        include_str!("../../../migrations/postgres/V3__index.sql"),
    ),
    (
        "V4__jobs_and_secrets",
        include_str!("../../../migrations/postgres/V4__jobs_and_secrets.sql"),
    ),
    (
        "V5__busy",
        include_str!("../../../migrations/postgres/V5__busy.sql"),
    ),
];

/// A store of so many migrations that held this, opened by this program; none if
/// PostgreSQL is not installed.
async fn opened(version: usize, dump: &str) -> Option<Store> {
    let settings = database().await?;
    let migrations = MIGRATIONS.iter().take(version);
    let migrations = migrations.map(|(name, sql)| Migration::unapplied(name, sql).unwrap());
    let mut database = client(&settings).await;
    let applied = Runner::new(&migrations.collect::<Vec<_>>());
    applied.run_async(&mut database).await.unwrap();
    database.batch_execute(dump).await.unwrap();
    Some(Store::new(Postgres::connect(&settings).await.unwrap()))
}

#[tokio::test]
async fn the_first_schema_opens_and_keeps_its_data() {
    let Some(store) = opened(1, V1).await else {
        return;
    };
    released::objects_with_their_versions_are_there(&store).await;
    released::the_log_stands_where_it_stood(&store, 7).await;
    released::it_goes_on(&store).await;
}

#[tokio::test]
async fn the_first_schema_answers_what_was_there() {
    let Some(store) = opened(1, V1).await else {
        return;
    };
    released::the_past_is_what_it_was(&store).await;
}

#[tokio::test]
async fn the_first_schema_is_searched_and_tells_its_times_once_it_is_indexed() {
    let Some(store) = opened(1, V1).await else {
        return;
    };
    released::an_index_is_made_of_what_had_none(&store).await;
}

#[tokio::test]
async fn the_audit_chains_of_the_first_schema_begin_with_the_next_change() {
    let Some(store) = opened(1, V1).await else {
        return;
    };
    released::audit_chains_begin_with_the_next_change(&store).await;
}

#[tokio::test]
async fn the_fifth_schema_opens_and_keeps_its_data() {
    let Some(store) = opened(5, V5).await else {
        return;
    };
    released::objects_with_their_versions_are_there(&store).await;
    released::the_past_is_what_it_was(&store).await;
    released::the_log_stands_where_it_stood(&store, 8).await;
    released::all_of_the_fifth_schema_is_there(&store).await;
    released::it_goes_on(&store).await;
}
