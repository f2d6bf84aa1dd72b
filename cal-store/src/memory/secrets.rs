//! Secrets in memory.

use std::ops::Bound;
use std::sync::Arc;

use super::state::State;
use crate::audit::Audited;
use crate::{
    Cause, Cursor, Effect, Envelope, Error, KeptSecret, Page, PageRequest, Receipt, SealedAnew,
    SecretWrite, SourceId, Timestamp,
};

impl State {
    pub(super) fn secret_write(
        &mut self,
        write: &SecretWrite,
        cause: &Arc<Cause>,
    ) -> Result<Receipt, Error> {
        let effect = match write {
            SecretWrite::Set(source, envelope) => {
                let value = (envelope.clone(), cause.at);
                match self.secrets.insert(source.clone(), value) {
                    Some(_) => Effect::Updated,
                    None => Effect::Created,
                }
            }
            SecretWrite::Remove(source) => {
                self.secrets.remove(source).ok_or(Error::NotFound)?;
                Effect::Deleted
            }
            SecretWrite::SealAnew(all) => self.seal_anew(all, cause.at)?,
        };
        let (action, name) = write.audited();
        self.audit_store(cause, &Audited::object(action, &name, None, None));
        Ok(Receipt::new(effect, 0))
    }

    fn seal_anew(&mut self, all: &[SealedAnew], at: Timestamp) -> Result<Effect, Error> {
        let kept = self.secrets.iter();
        let kept = kept.map(|(source, (envelope, _))| (source.as_str(), envelope.as_str()));
        if !SealedAnew::cover(all, kept) {
            return Err(Error::SecretsChanged);
        }
        for SealedAnew { source, after, .. } in all {
            self.secrets.insert(source.clone(), (after.clone(), at));
        }
        Ok(Effect::Updated)
    }

    pub(super) fn secret(&self, source: &SourceId) -> Option<KeptSecret> {
        let kept = self.secrets.get(source)?;
        Some(kept_secret((source, kept)))
    }

    pub(super) fn kept_secrets(&self) -> impl Iterator<Item = KeptSecret> {
        self.secrets.iter().map(kept_secret)
    }

    pub(super) fn secrets(&self, page: &PageRequest) -> Page<KeptSecret> {
        let after = match &page.after {
            Some(cursor) => Bound::Excluded(cursor.as_str()),
            None => Bound::Unbounded,
        };
        let kept = self.secrets.range::<str, _>((after, Bound::Unbounded));
        let kept = kept.take(page.limit.saturating_add(1)).map(kept_secret);
        Page::cut(kept.collect(), page.limit, |last: &KeptSecret| {
            Cursor::new(last.source.as_str())
        })
    }
}

fn kept_secret((source, (envelope, modified)): (&SourceId, &(Envelope, Timestamp))) -> KeptSecret {
    KeptSecret {
        source: source.clone(),
        envelope: envelope.clone(),
        modified: *modified,
    }
}
