//! The index of words: a full-text index of SQLite that only matches.
//!
//! Each entry has the number of an object's bytes. Each word is kept with its
//! collection before it, so that a question is one about few entries however
//! many there are of others.

use rusqlite::Connection;

use crate::{CollectionId, Error, Words};

/// What the writes of a physical transaction do to the index of words. It is
/// done at its end, all at once: the index makes a piece of what it gets between
/// two savepoints, and would make one for each object.
#[derive(Debug, Default)]
pub(super) struct PendingWords {
    /// Of all transactions so far that stand.
    standing: Vec<Entry>,
    /// Of the one in progress.
    begun: Vec<Entry>,
}

/// Bytes, and the words of them that are to be found from now on.
#[derive(Debug)]
struct Entry {
    body_id: i64,
    words: Option<String>,
}

impl PendingWords {
    pub(super) fn add(&mut self, body_id: i64, collection: CollectionId, words: &Words) {
        let words = Some(scoped(collection, words));
        self.begun.push(Entry { body_id, words });
    }

    pub(super) fn remove(&mut self, body_id: i64) {
        let words = None;
        self.begun.push(Entry { body_id, words });
    }

    /// The transaction in progress stands.
    pub(super) fn keep(&mut self) {
        self.standing.append(&mut self.begun);
    }

    /// The transaction in progress was taken back.
    pub(super) fn take_back(&mut self) {
        self.begun.clear();
    }

    /// Does it: in the order of the writes, for numbers of bytes may come again.
    pub(super) fn write(&self, connection: &Connection) -> Result<(), Error> {
        for Entry { body_id, words } in &self.standing {
            match words {
                Some(words) => insert(connection, *body_id, words)?,
                None => delete(connection, *body_id)?,
            }
        }
        Ok(())
    }
}

/// Gives bytes other words, outside of a group of writes.
pub(super) fn replace(
    connection: &Connection,
    body_id: i64,
    collection: CollectionId,
    words: &Words,
) -> Result<(), Error> {
    delete(connection, body_id)?;
    match words.is_empty() {
        true => Ok(()),
        false => insert(connection, body_id, &scoped(collection, words)),
    }
}

/// Removes the words of all objects of the collections that a query with one
/// parameter selects, outside of a group of writes.
pub(super) fn remove(connection: &Connection, select: &str, key: i64) -> rusqlite::Result<()> {
    let remove = format!(
        "DELETE FROM object_words WHERE rowid IN \
         (SELECT body_id FROM objects WHERE collection_id IN ({select}))"
    );
    connection.execute(&remove, [key]).map(drop)
}

/// A question of the index for those that have words beginning with each of these.
pub(super) fn question(collection: CollectionId, words: &Words) -> String {
    let words = words.iter().map(|word| format!("\"{collection}{word}\" *"));
    words.collect::<Vec<_>>().join(" AND ")
}

fn insert(connection: &Connection, body_id: i64, words: &str) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO object_words (rowid, words) VALUES (?1, ?2)";
    connection
        .prepare_cached(INSERT)?
        .execute((body_id, words))?;
    Ok(())
}

fn delete(connection: &Connection, body_id: i64) -> Result<(), Error> {
    const DELETE: &str = "DELETE FROM object_words WHERE rowid = ?1";
    connection.prepare_cached(DELETE)?.execute([body_id])?;
    Ok(())
}

/// Each word with its collection before it.
fn scoped(collection: CollectionId, words: &Words) -> String {
    let collection = collection.to_string();
    let mut scoped = String::with_capacity(words.as_str().len().saturating_mul(4));
    for word in words.iter() {
        scoped.push_str(&collection);
        scoped.push_str(word);
        scoped.push(' ');
    }
    scoped
}
