//! Reads. Each is one statement, or some in one transaction, of one snapshot.

pub(super) mod audit;
mod collections;
mod history;
mod index;
mod log;
mod objects;
mod overlap;
pub(super) mod past;
mod principals;
mod secrets;

use deadpool_postgres::Object as Connection;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::pipeline::{self, Bounds, Call};
use crate::{Cursor, Epoch, Error, PageRequest};

/// One connection in the middle of a read.
pub(super) struct Reader {
    pub(super) connection: Connection,
    pub(super) workspace: i64,
    pub(super) epoch: Epoch,
}

impl Reader {
    pub(super) async fn rows(
        &self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        let statement = self.connection.prepare_cached(sql).await?;
        Ok(self.connection.query(&statement, values).await?)
    }

    pub(super) async fn row(
        &self,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, Error> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// The rows of each of some statements, all of one snapshot and in one round trip.
    ///
    /// All of it is sent at once, the end too: whoever stops listening leaves
    /// no open transaction behind.
    pub(super) async fn snapshot<const N: usize>(
        &self,
        calls: [Call<'_>; N],
    ) -> Result<[Vec<Row>; N], Error> {
        let rows = pipeline::run(&self.connection, Bounds::Snapshot, &calls).await?;
        let missing = |_| Error::backend("an answer is missing");
        rows.try_into().map_err(missing)
    }
}

/// The name after which a page begins.
fn after(page: &PageRequest) -> Result<&str, Error> {
    let after = page.after.as_ref().map_or("", Cursor::as_str);
    match after.contains('\0') {
        // No name of ours, and nothing that PostgreSQL could compare with one.
        true => Err(Error::InvalidCursor),
        false => Ok(after),
    }
}
