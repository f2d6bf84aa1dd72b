//! From nothing, or from an older schema, to the one this program knows.

use refinery::{Migration, Runner};
use tokio_postgres::Client;

use super::tls::Address;
use crate::{Epoch, Error};

/// Every migration that was ever released, oldest first. None is ever changed.
const MIGRATIONS: &[(&str, &str)] = &[
    (
        "V1__initial",
        include_str!("../../migrations/postgres/V1__initial.sql"),
    ),
    (
        "V2__history",
        include_str!("../../migrations/postgres/V2__history.sql"),
    ),
    (
        "V3__index",
        include_str!("../../migrations/postgres/V3__index.sql"),
    ),
    (
        "V4__jobs_and_secrets",
        include_str!("../../migrations/postgres/V4__jobs_and_secrets.sql"),
    ),
    (
        "V5__busy",
        include_str!("../../migrations/postgres/V5__busy.sql"),
    ),
    (
        "V6__locks",
        include_str!("../../migrations/postgres/V6__locks.sql"),
    ),
    (
        "V7__dead_letters",
        include_str!("../../migrations/postgres/V7__dead_letters.sql"),
    ),
];

/// The advisory lock that a node holds while it migrates: "cal" and a one.
const LOCK: i64 = 0x0063_616c_0000_0001;

/// Brings the schema up to date and answers the one workspace of the store
/// with its epoch, made if the store is new.
///
/// Many nodes may do so at the same time: each waits for the one before it. A
/// lock of the session goes with the connection, whatever happens.
pub(super) async fn run(address: &Address) -> Result<(i64, Epoch), Error> {
    let (mut client, connection) = address.connect().await?;
    let connection = tokio::spawn(connection);
    let migrated = migrate(&mut client).await;
    drop(client);
    // The lock is free once the connection has ended; how it did is no matter.
    let _ = connection.await;
    migrated
}

async fn migrate(client: &mut Client) -> Result<(i64, Epoch), Error> {
    let supported = newest()?;
    // What is there already need not wait for anyone.
    if applied(client).await? < supported {
        client
            .execute("SELECT pg_advisory_lock($1)", &[&LOCK])
            .await?;
    }
    let found = applied(client).await?;
    if found > supported {
        return Err(Error::NewerSchema { found, supported });
    }
    if found < supported {
        let migrated = runner()?.set_grouped(true).run_async(client).await;
        migrated.map_err(Error::backend)?;
    }
    workspace(client).await
}

fn runner() -> Result<Runner, Error> {
    Ok(Runner::new(&migrations()?))
}

fn migrations() -> Result<Vec<Migration>, Error> {
    let migrations = MIGRATIONS.iter();
    let migrations = migrations.map(|(name, sql)| Migration::unapplied(name, sql));
    migrations.collect::<Result<_, _>>().map_err(Error::backend)
}

/// The version that the last migration leads to.
fn newest() -> Result<i64, Error> {
    let versions = migrations()?.into_iter().map(|it| i64::from(it.version()));
    Ok(versions.max().unwrap_or_default())
}

/// The version of the last migration that was applied; 0 of an empty database.
async fn applied(client: &Client) -> Result<i64, Error> {
    const THERE: &str = "SELECT to_regclass('refinery_schema_history') IS NOT NULL";
    const NEWEST: &str = "SELECT coalesce(max(version), 0)::bigint FROM refinery_schema_history";
    if !client.query_one(THERE, &[]).await?.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    Ok(client.query_one(NEWEST, &[]).await?.try_get(0)?)
}

async fn workspace(client: &Client) -> Result<(i64, Epoch), Error> {
    const MAKE: &str = "INSERT INTO workspaces (workspace_id, epoch) \
         SELECT 1, $1::bigint WHERE NOT EXISTS (SELECT 1 FROM workspaces) \
         ON CONFLICT DO NOTHING";
    const READ: &str = "SELECT workspace_id, epoch FROM workspaces ORDER BY workspace_id LIMIT 1";
    client.execute(MAKE, &[&Epoch::random().into_raw()]).await?;
    let row = client.query_one(READ, &[]).await?;
    Ok((row.try_get(0)?, Epoch::from_raw(row.try_get(1)?)))
}
