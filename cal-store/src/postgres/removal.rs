//! Removing collections with everything that is in them.

use deadpool_postgres::Object as Connection;

use crate::Error;

/// The tables below a collection, and that of collections itself.
const REMOVALS: [&str; 14] = [
    "DELETE FROM object_words WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM object_categories WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM reminders WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM objects WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM versions WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM tombstones WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM properties WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM past_properties WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM past_collections WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM busy_calendars WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM busy_times WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM holds WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM locks WHERE workspace_id = $1 AND collection_id = ANY($2)",
    "DELETE FROM collections WHERE workspace_id = $1 AND collection_id = ANY($2)",
];

/// Removes these collections, whose rows the caller has locked.
pub(super) async fn remove(
    connection: &Connection,
    workspace: i64,
    collections: &Vec<i64>,
) -> Result<(), Error> {
    for removal in REMOVALS {
        let statement = connection.prepare_cached(removal).await?;
        connection
            .execute(&statement, &[&workspace, collections])
            .await?;
    }
    Ok(())
}
