//! Keeping what collections were.

use super::Session;
use crate::Error;

impl Session<'_> {
    /// Keeps what these collections are as states that have ended.
    pub(super) async fn end_states(&self, collections: &Vec<i64>) -> Result<(), Error> {
        const STATES: &str = "INSERT INTO past_collections (workspace_id, collection_id, state, \
             parent_id, name, display_name, description, color, sort_order, time_zone, \
             is_transparent, is_trashed, since, ended_at) \
             SELECT workspace_id, collection_id, state, parent_id, name, display_name, \
             description, color, sort_order, time_zone, is_transparent, \
             trashed_at IS NOT NULL, since, $3 FROM collections \
             WHERE workspace_id = $1 AND collection_id = ANY($2)";
        const PROPERTIES: &str = "INSERT INTO past_properties (workspace_id, collection_id, \
             state, namespace, local, value) \
             SELECT c.workspace_id, c.collection_id, c.state, p.namespace, p.local, p.value \
             FROM collections c JOIN properties p ON p.workspace_id = c.workspace_id \
             AND p.collection_id = c.collection_id AND p.name = '' \
             WHERE c.workspace_id = $1 AND c.collection_id = ANY($2)";
        const NEXT: &str = "UPDATE collections SET state = state + 1, since = $3 \
             WHERE workspace_id = $1 AND collection_id = ANY($2)";
        let at = self.at();
        self.execute(STATES, &[&self.workspace, collections, &at])
            .await?;
        self.execute(PROPERTIES, &[&self.workspace, collections])
            .await?;
        self.execute(NEXT, &[&self.workspace, collections, &at])
            .await?;
        Ok(())
    }
}
