//! The secrets of sources elsewhere.

use super::{Store, only};
use crate::secret::{SealedAnew, SecretReport, SecretWrite};
use crate::{Cause, Error, KeptSecret, Page, PageRequest, Sealer, Secret, SourceId, Write};

/// Secrets that are read at a time.
const PAGE: usize = 1_000;

/// Secrets that are sealed anew in one transaction at most.
const SEALED_ANEW: usize = 100_000;

/// How often all secrets are sealed anew when some have changed meanwhile.
const ATTEMPTS: usize = 3;

impl Store {
    /// Seals a secret and keeps it as that of a source, in place of another.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] for one beyond the limit.
    pub async fn set_secret(
        &self,
        sealer: &Sealer,
        source: &SourceId,
        secret: Secret,
        cause: &Cause,
    ) -> Result<(), Error> {
        let size = u64::try_from(secret.expose().len()).unwrap_or(u64::MAX);
        let limit = self.inner.limits.secret_bytes;
        if size > limit {
            return Err(Error::TooLarge { size, limit });
        }
        let (sealer, of) = (sealer.clone(), source.clone());
        let envelope = slowly(move || sealer.seal(&of, &secret)).await?;
        let write = Write::Secret(SecretWrite::Set(source.clone(), envelope));
        only(self.commit(vec![write], cause).await?).map(drop)
    }

    /// The secret of a source, if it has one.
    ///
    /// # Errors
    ///
    /// [`Error::Secret`] if it cannot be opened.
    pub async fn secret(
        &self,
        sealer: &Sealer,
        source: &SourceId,
    ) -> Result<Option<Secret>, Error> {
        let Some(kept) = self.backend().secret(source).await? else {
            return Ok(None);
        };
        let sealer = sealer.clone();
        let opened = slowly(move || sealer.open(&kept.source, &kept.envelope)).await?;
        Ok(Some(opened))
    }

    /// The secrets that are kept, still sealed, by source.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCursor`].
    pub async fn secrets(&self, page: PageRequest) -> Result<Page<KeptSecret>, Error> {
        self.backend().secrets(self.bounded(page)).await
    }

    /// Forgets the secret of a source.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if it has none.
    pub async fn remove_secret(&self, source: &SourceId, cause: &Cause) -> Result<(), Error> {
        let write = Write::Secret(SecretWrite::Remove(source.clone()));
        self.commit(vec![write], cause).await.map(drop)
    }

    /// Opens every secret, and says which do not open.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`] for more secrets than can be sealed anew at once.
    pub async fn check_secrets(&self, sealer: &Sealer) -> Result<SecretReport, Error> {
        let (kept, sealer) = (self.all_secrets().await?, sealer.clone());
        slowly(move || {
            let mut report = SecretReport::default();
            for KeptSecret {
                source, envelope, ..
            } in kept
            {
                match sealer.open(&source, &envelope) {
                    Ok(_) => report.opened += 1,
                    Err(Error::Secret { fault, .. }) => report.faults.push((source, fault)),
                    Err(other) => return Err(other),
                }
            }
            Ok(report)
        })
        .await
    }

    /// Seals all secrets with another server secret, in one transaction, and
    /// answers how many. A process that goes on with the old one can open none
    /// of them, and must not seal any more.
    ///
    /// # Errors
    ///
    /// [`Error::Secret`] names the first that does not open with the old one;
    /// [`Error::SecretsChanged`] if others set secrets all the time. Then all
    /// are as they were.
    pub async fn rotate_secrets(
        &self,
        (old, new): (&Sealer, &Sealer),
        cause: &Cause,
    ) -> Result<usize, Error> {
        for _ in 0..ATTEMPTS {
            let kept = self.all_secrets().await?;
            if kept.is_empty() {
                return Ok(0);
            }
            let (old, new, count) = (old.clone(), new.clone(), kept.len());
            let anew = slowly(move || seal_anew(kept, &old, &new)).await?;
            let write = Write::Secret(SecretWrite::SealAnew(anew));
            match self.commit(vec![write], cause).await {
                Err(Error::SecretsChanged) => {}
                Err(error) => return Err(error),
                Ok(_) => return Ok(count),
            }
        }
        Err(Error::SecretsChanged)
    }

    async fn all_secrets(&self) -> Result<Vec<KeptSecret>, Error> {
        let mut all = Vec::new();
        let mut request = Some(PageRequest::first(PAGE));
        while let Some(page) = request {
            let page = self.secrets(page).await?;
            all.extend(page.items);
            if all.len() > SEALED_ANEW {
                return Err(Error::Limit {
                    what: "secrets at once",
                    limit: u64::try_from(SEALED_ANEW).unwrap_or(u64::MAX),
                });
            }
            request = page.next.map(|next| PageRequest::after(next, PAGE));
        }
        Ok(all)
    }
}

fn seal_anew(kept: Vec<KeptSecret>, old: &Sealer, new: &Sealer) -> Result<Vec<SealedAnew>, Error> {
    let anew = kept.into_iter().map(|kept| {
        let secret = old.open(&kept.source, &kept.envelope)?;
        let after = new.seal(&kept.source, &secret)?;
        Ok(SealedAnew {
            source: kept.source,
            before: kept.envelope,
            after,
        })
    });
    anew.collect()
}

/// Does what takes long for a processor, off the async threads.
async fn slowly<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(Error::backend)?
}
