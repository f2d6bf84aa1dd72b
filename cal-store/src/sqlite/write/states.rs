//! Keeping what collections were.

use rusqlite::Params;

use super::Session;
use super::collections::SUBTREE;
use crate::{CollectionId, Error};

impl Session<'_> {
    /// Keeps what a collection is as a state that has ended.
    pub(super) fn end_state(&self, id: CollectionId) -> Result<(), Error> {
        self.end_states("", "collection_id = ?1", (id.into_raw(), self.at()))
    }

    /// Keeps what a collection and all below it are.
    pub(super) fn end_states_below(&self, id: CollectionId) -> Result<(), Error> {
        let below = "collection_id IN (SELECT id FROM below)";
        self.end_states(SUBTREE, below, (id.into_raw(), self.at()))
    }

    /// Keeps that a collection was in the trash, with all that went there with it.
    pub(super) fn end_states_in_trash(&self, id: CollectionId) -> Result<(), Error> {
        let trashed = "trash_root = ?1 AND trashed_at IS NOT NULL";
        self.end_states("", trashed, (id.into_raw(), self.at()))
    }

    fn end_states(&self, with: &str, which: &str, params: impl Params + Copy) -> Result<(), Error> {
        let states = format!(
            "{with} INSERT INTO past_collections (collection_id, state, parent_id, name, \
             display_name, description, color, sort_order, time_zone, is_transparent, \
             is_trashed, since, ended_at) SELECT collection_id, state, parent_id, name, \
             display_name, description, color, sort_order, time_zone, is_transparent, \
             trashed_at IS NOT NULL, since, ?2 FROM collections WHERE {which}"
        );
        // The instant is not asked for here, but all three take the same parameters.
        let properties = format!(
            "{with} INSERT INTO past_properties (collection_id, state, namespace, local, value) \
             SELECT c.collection_id, c.state, p.namespace, p.local, p.value \
             FROM (SELECT collection_id, state FROM collections WHERE {which}) c \
             JOIN properties p ON p.collection_id = c.collection_id AND p.name = '' \
             WHERE ?2 IS NOT NULL"
        );
        let next =
            format!("{with} UPDATE collections SET state = state + 1, since = ?2 WHERE {which}");
        for sql in [states, properties, next] {
            self.execute(&sql, params)?;
        }
        Ok(())
    }
}
