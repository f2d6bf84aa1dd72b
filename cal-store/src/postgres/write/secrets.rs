//! Setting secrets and sealing them anew.

use tokio_postgres::types::ToSql;

use super::Session;
use crate::audit::Audited;
use crate::{Effect, Envelope, Error, Receipt, SealedAnew, SecretWrite, SourceId};

impl Session<'_> {
    pub(super) async fn secret(&self, write: &SecretWrite) -> Result<Receipt, Error> {
        // First, unlike elsewhere: under the lock of the chain nobody else
        // changes secrets, and so all of them can be compared and replaced.
        let (action, name) = write.audited();
        self.audit_store(&Audited::object(action, &name, None, None))
            .await?;
        let effect = match write {
            SecretWrite::Set(source, envelope) => self.set_secret(source, envelope).await?,
            SecretWrite::Remove(source) => self.remove_secret(source).await?,
            SecretWrite::SealAnew(all) => self.seal_anew(all).await?,
        };
        Ok(Receipt::new(effect, 0))
    }

    async fn set_secret(&self, source: &SourceId, envelope: &Envelope) -> Result<Effect, Error> {
        const THERE: &str = "SELECT 1 FROM secrets WHERE workspace_id = $1 AND source = $2";
        const SET: &str = "INSERT INTO secrets (workspace_id, source, envelope, modified) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (workspace_id, source) DO UPDATE \
             SET envelope = excluded.envelope, modified = excluded.modified";
        let source = source.as_str();
        let there = self.exists(THERE, &[&self.workspace, &source]).await?;
        let row: [&(dyn ToSql + Sync); 4] =
            [&self.workspace, &source, &envelope.as_str(), &self.at()];
        self.execute(SET, &row).await?;
        Ok(match there {
            true => Effect::Updated,
            false => Effect::Created,
        })
    }

    async fn remove_secret(&self, source: &SourceId) -> Result<Effect, Error> {
        const REMOVE: &str = "DELETE FROM secrets WHERE workspace_id = $1 AND source = $2";
        let key: [&(dyn ToSql + Sync); 2] = [&self.workspace, &source.as_str()];
        match self.execute(REMOVE, &key).await? {
            0 => Err(Error::NotFound),
            _ => Ok(Effect::Deleted),
        }
    }

    async fn seal_anew(&self, all: &[SealedAnew]) -> Result<Effect, Error> {
        const KEPT: &str = "SELECT source, envelope FROM secrets WHERE workspace_id = $1";
        let rows = self.rows(KEPT, &[&self.workspace]).await?;
        let kept = rows
            .iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
        let kept = kept.collect::<Result<Vec<(&str, &str)>, Error>>()?;
        if !SealedAnew::cover(all, kept) {
            return Err(Error::SecretsChanged);
        }
        for SealedAnew { source, after, .. } in all {
            self.set_secret(source, after).await?;
        }
        Ok(Effect::Updated)
    }
}
