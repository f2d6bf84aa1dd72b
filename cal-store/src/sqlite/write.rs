//! Writes, inside the transaction of the writing thread.

mod collections;
pub(super) mod index;
mod jobs;
mod locks;
mod objects;
mod principals;
mod secrets;
mod states;

use std::cell::RefCell;

use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::Place;
use super::audit::Heads;
use super::row::{integer, natural};
use super::words::PendingWords;
use crate::audit::Audited;
use crate::{
    AuditChain, Cause, CollectionId, Error, ObjectName, PrincipalName, Properties, PropertyChanges,
    Receipt, Transaction, Write,
};

/// One transaction of the store in progress.
pub(super) struct Session<'s> {
    connection: &'s Connection,
    place: &'s Place,
    transaction: &'s Transaction,
    heads: &'s RefCell<Heads>,
    words: &'s RefCell<PendingWords>,
}

impl<'s> Session<'s> {
    pub(super) const fn new(
        connection: &'s Connection,
        place: &'s Place,
        transaction: &'s Transaction,
        heads: &'s RefCell<Heads>,
        words: &'s RefCell<PendingWords>,
    ) -> Self {
        Self {
            connection,
            place,
            transaction,
            heads,
            words,
        }
    }

    pub(super) fn write(&self, write: &Write) -> Result<Receipt, Error> {
        match write {
            Write::CreatePrincipal(new, home) => self.create_principal(new, *home),
            Write::UpdatePrincipal(id, changes) => self.update_principal(*id, changes),
            Write::RemovePrincipal(id) => self.remove_principal(*id),
            Write::SetPassword(id, hash) => self.set_password(*id, hash.as_ref()),
            Write::AddToken(token) => self.add_token(token),
            Write::RevokeToken(principal, token) => self.revoke_token(*principal, *token),
            Write::CreateCollection(new) => self.create_collection(new),
            Write::UpdateCollection(id, changes) => self.update_collection(*id, changes),
            Write::MoveCollection(to) => self.move_collection(to),
            Write::DeleteCollection(id) => self.delete_collection(*id),
            Write::RestoreCollection(to) => self.untrash_collection(to),
            Write::PutObject(put) => self.put(put),
            Write::DeleteObject(delete) => self.delete(delete),
            Write::UpdateObject(collection, name, changes) => {
                self.update_object(*collection, name, changes)
            }
            Write::Job(write) => self.job(write),
            Write::Secret(write) => self.secret(write),
            Write::Lock(write) => self.lock(write),
        }
    }

    fn execute(&self, sql: &str, params: impl Params) -> Result<usize, Error> {
        Ok(self.connection.prepare_cached(sql)?.execute(params)?)
    }

    fn row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row(params, read).optional()?)
    }

    fn exists(&self, sql: &str, params: impl Params) -> Result<bool, Error> {
        Ok(self.connection.prepare_cached(sql)?.exists(params)?)
    }

    fn cause(&self) -> &Cause {
        &self.transaction.cause
    }

    fn at(&self) -> i64 {
        self.cause().at.millis()
    }

    fn principal(&self) -> Option<&str> {
        self.cause().principal.as_ref().map(PrincipalName::as_str)
    }

    /// Takes the next sequence of a collection for a change of a member.
    fn next_sequence(&self, collection: CollectionId) -> Result<u64, Error> {
        const NEXT: &str = "UPDATE collections SET sequence = sequence + 1, modified = ?2 \
             WHERE collection_id = ?1 RETURNING sequence";
        let next = self.row(NEXT, (collection.into_raw(), self.at()), |row| {
            natural(row, 0)
        })?;
        next.ok_or(Error::ParentMissing)
    }

    /// Adds an entry to the chain of a collection, for the change of this sequence.
    fn audit(
        &self,
        collection: CollectionId,
        sequence: u64,
        audited: &Audited<'_>,
    ) -> Result<(), Error> {
        let number = (AuditChain::Collection(collection), Some(sequence));
        self.append(number, audited)
    }

    /// Adds an entry to the chain of the store.
    fn audit_store(&self, audited: &Audited<'_>) -> Result<(), Error> {
        self.append((AuditChain::Store, None), audited)
    }

    fn append(
        &self,
        number: (AuditChain, Option<u64>),
        audited: &Audited<'_>,
    ) -> Result<(), Error> {
        let mut heads = self.heads.borrow_mut();
        let (place, cause) = (self.place, &self.transaction.cause);
        heads.append((self.connection, place), number, cause, audited)
    }

    /// Logs that a name is gone.
    fn bury(&self, collection: CollectionId, name: &str, sequence: u64) -> Result<(), Error> {
        const BURY: &str = "INSERT INTO tombstones (collection_id, name, sequence, at) \
             VALUES (?1, ?2, ?3, ?4)";
        let row = (collection.into_raw(), name, integer(sequence), self.at());
        self.execute(BURY, row).map(drop)
    }

    /// Takes a name out of those that are gone.
    fn unbury(&self, collection: CollectionId, name: &str) -> Result<(), Error> {
        const UNBURY: &str = "DELETE FROM tombstones WHERE collection_id = ?1 AND name = ?2";
        self.execute(UNBURY, (collection.into_raw(), name))
            .map(drop)
    }

    /// Changes the properties of an object or, with an empty name, of a collection.
    fn change_properties(
        &self,
        collection: CollectionId,
        name: &str,
        changes: &PropertyChanges,
    ) -> Result<(), Error> {
        const REMOVE: &str = "DELETE FROM properties WHERE collection_id = ?1 AND name = ?2 \
             AND namespace = ?3 AND local = ?4";
        let id = collection.into_raw();
        for property in &changes.remove {
            self.execute(REMOVE, (id, name, property.namespace(), property.local()))?;
        }
        self.set_properties(collection, name, &changes.set)
    }

    fn set_properties(
        &self,
        collection: CollectionId,
        name: &str,
        properties: &Properties,
    ) -> Result<(), Error> {
        const SET: &str = "INSERT INTO properties (collection_id, name, namespace, local, value) \
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET value = excluded.value";
        let id = collection.into_raw();
        for (property, value) in properties {
            let row = (id, name, property.namespace(), property.local(), value);
            self.execute(SET, row)?;
        }
        Ok(())
    }

    fn clear_properties(&self, collection: CollectionId, name: &ObjectName) -> Result<(), Error> {
        const CLEAR: &str = "DELETE FROM properties WHERE collection_id = ?1 AND name = ?2";
        let row = (collection.into_raw(), name.as_str());
        self.execute(CLEAR, row).map(drop)
    }
}
