//! What a sign-in passes.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cal_store::{PasswordHash, Principal, PrincipalKey, PrincipalName, Store, Timestamp};
use chrono::Utc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::backoff::Backoff;
use super::verified::{Verdict, Verified, Version};
use super::{AppPassword, Error, app_password, password, user_name};

/// Decides who may come in.
///
/// The order matters. A credential that was verified at this version of the
/// account passes at once and cannot be held up by others who guess; the same
/// wrong one is refused at once and is no new guess. Only what is not known
/// waits for its turn, and only so many are hashed at a time as there are cores.
#[derive(Clone)]
pub(crate) struct Gate {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    memory: Mutex<Memory>,
    turns: Arc<Semaphore>,
    /// A hash that nobody's password has. It is checked where there is no user,
    /// so that the time of an answer does not tell who exists.
    nobody: PasswordHash,
}

struct Memory {
    verified: Verified,
    backoff: Backoff,
}

/// Why somebody may not come in.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// There is no such user, or the password is not theirs; which is not said.
    Wrong,
    /// Too many wrong passwords before: try again after this.
    Wait(Duration),
    /// Nobody can tell now.
    Unavailable(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        Refusal::Unavailable(error)
    }
}

/// What somebody says who they are, and from where.
#[derive(Clone, Copy)]
struct Claim<'a> {
    name: &'a PrincipalName,
    password: &'a str,
    address: IpAddr,
}

/// What is known of a claim without hashing the password.
enum Recalled {
    /// It is right.
    In,
    /// It is wrong, or not to be tried now.
    Out(Refusal),
    /// It has to be hashed.
    Nothing,
}

/// Passwords that are hashed at once: one each core, at least two.
fn turns() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2))
}

impl Gate {
    pub(crate) fn new(store: Store) -> Result<Gate, Error> {
        let memory = Memory {
            verified: Verified::new()?,
            backoff: Backoff::default(),
        };
        Ok(Gate {
            shared: Arc::new(Shared {
                store,
                memory: Mutex::new(memory),
                turns: Arc::new(Semaphore::new(turns())),
                nobody: password::hash(&AppPassword::random()?.to_string())?,
            }),
        })
    }

    /// Lets the user of this name in if the password is theirs.
    pub(crate) async fn admit(
        &self,
        user: &str,
        password: &str,
        address: IpAddr,
    ) -> Result<Principal, Refusal> {
        // Nobody can have a name that cannot be one, and everybody knows.
        let name = user_name(user).map_err(|_| Refusal::Wrong)?;
        let claim = Claim {
            name: &name,
            password,
            address,
        };
        let principal = self.shared.principal(&name).await?;
        let version = version_of(principal.as_ref());
        match self.shared.recall(claim, version) {
            Recalled::In => return principal.ok_or(Refusal::Wrong),
            Recalled::Out(refusal) => return Err(refusal),
            Recalled::Nothing => {}
        }
        let turns = Arc::clone(&self.shared.turns);
        let Ok(turn) = turns.acquire_owned().await else {
            return Err(Refusal::Wrong);
        };
        // While this one waited, the same credential may have had its turn, or
        // the address may have run out of tries.
        match self.shared.recall(claim, version) {
            Recalled::In => {}
            Recalled::Out(refusal) => return Err(refusal),
            Recalled::Nothing => {
                let right = self
                    .shared
                    .is_right(principal.as_ref(), password, turn)
                    .await?;
                self.shared.note(claim, version, right)?;
            }
        }
        principal.ok_or(Refusal::Wrong)
    }
}

fn version_of(principal: Option<&Principal>) -> Version {
    principal.map_or(Version::Nobody, |principal| {
        Version::Generation(principal.id, principal.credential_generation)
    })
}

impl Shared {
    async fn principal(&self, name: &PrincipalName) -> Result<Option<Principal>, Error> {
        Ok(self.store.principal(PrincipalKey::from(name)).await?)
    }

    fn recall(&self, claim: Claim<'_>, version: Version) -> Recalled {
        let now = Instant::now();
        let memory = self.memory();
        let digest = memory.verified.digest(claim.name, claim.password);
        match memory.verified.verdict(&digest, version, now) {
            Some(Verdict::Right) => Recalled::In,
            Some(Verdict::Wrong) => Recalled::Out(Refusal::Wrong),
            None => memory
                .backoff
                .wait(claim.name, claim.address, now)
                .map_or(Recalled::Nothing, |wait| Recalled::Out(Refusal::Wait(wait))),
        }
    }

    /// Whether the password is an app password of the user or their own.
    ///
    /// The turn goes along with the hashing: a client that hangs up does not
    /// make room for more of it.
    async fn is_right(
        &self,
        principal: Option<&Principal>,
        sent: &str,
        turn: OwnedSemaphorePermit,
    ) -> Result<bool, Error> {
        if let Some(principal) = principal
            && let Some(digest) = app_password::digest_of(sent)
            && let Some(token) = self.store.token(&digest).await?
            && token.principal == principal.id
            && token.expires.is_none_or(|end| now() < end)
        {
            return Ok(true);
        }
        let hash = match principal {
            Some(principal) => self.store.password(principal.id).await?,
            None => None,
        };
        // A user without a password takes as long as one with a wrong one.
        let somebody = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let sent = sent.to_owned();
        let hashing = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            password::verify(&sent, &hash)
        });
        let same = hashing
            .await
            .map_err(|panic| Error::Hash(panic.to_string()))?;
        Ok(same && somebody)
    }

    fn note(&self, claim: Claim<'_>, version: Version, right: bool) -> Result<(), Refusal> {
        let now = Instant::now();
        let mut memory = self.memory();
        let digest = memory.verified.digest(claim.name, claim.password);
        if right {
            memory.verified.note(digest, version, Verdict::Right, now);
            memory.backoff.right(claim.name, claim.address);
            Ok(())
        } else {
            memory.verified.note(digest, version, Verdict::Wrong, now);
            memory.backoff.wrong(claim.name, claim.address, now);
            tracing::warn!(user = %claim.name, address = %claim.address, "sign-in refused");
            Err(Refusal::Wrong)
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // What is noted is noted whole, so that a panic elsewhere breaks nothing.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now() -> Timestamp {
    Timestamp::from(Utc::now())
}
