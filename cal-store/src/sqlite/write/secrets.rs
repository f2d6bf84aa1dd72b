//! Setting secrets and sealing them anew.

use super::Session;
use crate::audit::Audited;
use crate::{Effect, Envelope, Error, Receipt, SealedAnew, SecretWrite, SourceId};

impl Session<'_> {
    pub(super) fn secret(&self, write: &SecretWrite) -> Result<Receipt, Error> {
        let effect = match write {
            SecretWrite::Set(source, envelope) => self.set_secret(source, envelope)?,
            SecretWrite::Remove(source) => self.remove_secret(source)?,
            SecretWrite::SealAnew(all) => self.seal_anew(all)?,
        };
        let (action, name) = write.audited();
        self.audit_store(&Audited::object(action, &name, None, None))?;
        Ok(Receipt::new(effect, 0))
    }

    fn set_secret(&self, source: &SourceId, envelope: &Envelope) -> Result<Effect, Error> {
        const THERE: &str = "SELECT 1 FROM secrets WHERE workspace_id = ?1 AND source = ?2";
        const SET: &str = "INSERT INTO secrets (workspace_id, source, envelope, modified) \
             VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE \
             SET envelope = excluded.envelope, modified = excluded.modified";
        let (workspace, source) = (self.place.workspace, source.as_str());
        let there = self.exists(THERE, (workspace, source))?;
        self.execute(SET, (workspace, source, envelope.as_str(), self.at()))?;
        Ok(match there {
            true => Effect::Updated,
            false => Effect::Created,
        })
    }

    fn remove_secret(&self, source: &SourceId) -> Result<Effect, Error> {
        const REMOVE: &str = "DELETE FROM secrets WHERE workspace_id = ?1 AND source = ?2";
        match self.execute(REMOVE, (self.place.workspace, source.as_str()))? {
            0 => Err(Error::NotFound),
            _ => Ok(Effect::Deleted),
        }
    }

    fn seal_anew(&self, all: &[SealedAnew]) -> Result<Effect, Error> {
        const KEPT: &str = "SELECT source, envelope FROM secrets WHERE workspace_id = ?1";
        let mut kept = self.connection.prepare_cached(KEPT)?;
        let kept = kept.query_map([self.place.workspace], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let kept = kept.collect::<Result<Vec<_>, _>>()?;
        let pairs = kept
            .iter()
            .map(|(source, envelope)| (&**source, &**envelope));
        if !SealedAnew::cover(all, pairs) {
            return Err(Error::SecretsChanged);
        }
        for SealedAnew { source, after, .. } in all {
            self.set_secret(source, after)?;
        }
        Ok(Effect::Updated)
    }
}
