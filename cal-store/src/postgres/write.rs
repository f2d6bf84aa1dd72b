//! Writes, inside a transaction of one connection.

mod audit;
mod batch;
mod busy;
mod collections;
mod flush;
mod index;
mod jobs;
mod load;
mod locks;
mod object_row;
mod principals;
mod secrets;
mod states;
mod text;

use deadpool_postgres::Object as Connection;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::busy::check_unmoved;
use super::row::{integer, natural};
use crate::{
    Cause, CollectionId, Error, JobWrite, NewJob, Properties, PropertyChanges, Receipt,
    Transaction, Write,
};

pub(super) use audit::{ENTRIES, append, push_entry};
pub(super) use batch::Batch;
pub(super) use flush::{column, flush, principal};
pub(super) use index::{inserted, question, removed};
pub(super) use jobs::{enqueued, enqueueing};
pub(super) use load::Plan;
pub(super) use object_row::{ObjectRow, copied as copied_objects};
pub(super) use text::{check as check_text, check_cause};

/// One transaction of the store in progress, write by write: for all that
/// changes principals and the tree of collections.
pub(super) struct Session<'s> {
    connection: &'s Connection,
    workspace: i64,
    transaction: &'s Transaction,
}

impl<'s> Session<'s> {
    pub(super) const fn new(
        connection: &'s Connection,
        workspace: i64,
        transaction: &'s Transaction,
    ) -> Self {
        Self {
            connection,
            workspace,
            transaction,
        }
    }

    /// Does all writes, in order, and stops at the first that cannot be done.
    pub(super) async fn write_all(&self) -> Result<Vec<Receipt>, Error> {
        check_unmoved(self.connection, self.workspace, self.transaction).await?;
        let mut receipts = Vec::with_capacity(self.transaction.writes.len());
        let mut left = &*self.transaction.writes;
        while let Some((write, rest)) = left.split_first() {
            let objects = left.iter().take_while(|write| is_of_object(write)).count();
            if objects > 0 {
                let (objects, rest) = left.split_at(objects);
                receipts.extend(self.objects(objects).await?);
                left = rest;
            } else {
                receipts.push(self.write(write).await?);
                left = rest;
            }
        }
        Ok(receipts)
    }

    /// Does some writes of objects together.
    async fn objects(&self, writes: &[Write]) -> Result<Vec<Receipt>, Error> {
        let plan = Plan::of(self.workspace, writes);
        let loaded = plan.load(self.connection).await?;
        let mut batch = Batch::new(loaded);
        let receipts = writes
            .iter()
            .map(|write| batch.write(write, self.transaction))
            .collect::<Result<Vec<_>, _>>()?;
        let calls = flush(self.workspace, &batch)?;
        super::pipeline::run(self.connection, super::pipeline::Bounds::Within, &calls).await?;
        Ok(receipts)
    }

    async fn write(&self, write: &Write) -> Result<Receipt, Error> {
        match write {
            Write::CreatePrincipal(new, home) => self.create_principal(new, *home).await,
            Write::UpdatePrincipal(id, changes) => self.update_principal(*id, changes).await,
            Write::RemovePrincipal(id) => self.remove_principal(*id).await,
            Write::SetPassword(id, hash) => self.set_password(*id, hash.as_ref()).await,
            Write::AddToken(token) => self.add_token(token).await,
            Write::RevokeToken(principal, token) => self.revoke_token(*principal, *token).await,
            Write::CreateCollection(new) => self.create_collection(new).await,
            Write::UpdateCollection(id, changes) => self.update_collection(*id, changes).await,
            Write::MoveCollection(to) => self.move_collection(to).await,
            Write::DeleteCollection(id) => self.delete_collection(*id).await,
            Write::RestoreCollection(to) => self.untrash_collection(to).await,
            Write::Job(write) => self.job(write).await,
            Write::Secret(write) => self.secret(write).await,
            Write::Lock(write) => self.lock(write).await,
            Write::PutObject(_) | Write::DeleteObject(_) | Write::UpdateObject(..) => {
                Err(Error::backend("writes of objects are done together"))
            }
        }
    }

    async fn execute(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64, Error> {
        let statement = self.connection.prepare_cached(sql).await?;
        Ok(self.connection.execute(&statement, values).await?)
    }

    async fn rows(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Error> {
        let statement = self.connection.prepare_cached(sql).await?;
        Ok(self.connection.query(&statement, values).await?)
    }

    async fn row(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Option<Row>, Error> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    async fn exists(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<bool, Error> {
        Ok(self.row(sql, values).await?.is_some())
    }

    fn cause(&self) -> &Cause {
        &self.transaction.cause
    }

    fn at(&self) -> i64 {
        self.cause().at.millis()
    }

    /// Takes the next sequence of a collection for a change of a member.
    async fn next_sequence(&self, collection: CollectionId) -> Result<u64, Error> {
        const NEXT: &str = "UPDATE collections SET sequence = sequence + 1, modified = $3 \
             WHERE workspace_id = $1 AND collection_id = $2 RETURNING sequence";
        let row = self
            .row(NEXT, &[&self.workspace, &collection.into_raw(), &self.at()])
            .await?;
        natural(&row.ok_or(Error::ParentMissing)?, 0)
    }

    /// Logs that a name is gone.
    async fn bury(&self, collection: CollectionId, name: &str, sequence: u64) -> Result<(), Error> {
        const BURY: &str = "INSERT INTO tombstones \
             (workspace_id, collection_id, name, sequence, at) VALUES ($1, $2, $3, $4, $5)";
        let (id, sequence) = (collection.into_raw(), integer(sequence));
        let row: [&(dyn ToSql + Sync); 5] = [&self.workspace, &id, &name, &sequence, &self.at()];
        self.execute(BURY, &row).await.map(drop)
    }

    /// Takes a name out of those that are gone.
    async fn unbury(&self, collection: CollectionId, name: &str) -> Result<(), Error> {
        const UNBURY: &str = "DELETE FROM tombstones \
             WHERE workspace_id = $1 AND collection_id = $2 AND name = $3";
        let id = collection.into_raw();
        self.execute(UNBURY, &[&self.workspace, &id, &name])
            .await
            .map(drop)
    }

    /// Changes the properties of a collection.
    async fn change_properties(
        &self,
        collection: CollectionId,
        changes: &PropertyChanges,
    ) -> Result<(), Error> {
        const REMOVE: &str = "DELETE FROM properties WHERE workspace_id = $1 \
             AND collection_id = $2 AND name = '' AND namespace = $3 AND local = $4";
        let id = collection.into_raw();
        for property in &changes.remove {
            let (namespace, local) = (property.namespace(), property.local());
            self.execute(REMOVE, &[&self.workspace, &id, &namespace, &local])
                .await?;
        }
        self.set_properties(collection, &changes.set).await
    }

    async fn set_properties(
        &self,
        collection: CollectionId,
        properties: &Properties,
    ) -> Result<(), Error> {
        const SET: &str = "INSERT INTO properties \
             (workspace_id, collection_id, name, namespace, local, value) \
             VALUES ($1, $2, '', $3, $4, $5) \
             ON CONFLICT (workspace_id, collection_id, name, namespace, local) \
             DO UPDATE SET value = excluded.value";
        let id = collection.into_raw();
        for (property, value) in properties {
            let (namespace, local) = (property.namespace(), property.local());
            let row: [&(dyn ToSql + Sync); 5] = [&self.workspace, &id, &namespace, &local, value];
            self.execute(SET, &row).await?;
        }
        Ok(())
    }
}

/// Whether what a transaction writes is decided many at a time: all of it
/// concerns objects, or enqueues jobs.
pub(super) fn is_decided_at_once(transaction: &Transaction) -> bool {
    let mut writes = transaction.writes.iter();
    writes.all(|write| is_of_object(write) || new_job(write).is_some())
}

/// The job that a write enqueues.
pub(super) fn new_job(write: &Write) -> Option<&NewJob> {
    match write {
        Write::Job(JobWrite::Enqueue(new)) => Some(new),
        _ => None,
    }
}

/// Whether a write is about an object.
pub(super) fn is_of_object(write: &Write) -> bool {
    matches!(
        write,
        Write::PutObject(_) | Write::DeleteObject(_) | Write::UpdateObject(..)
    )
}
