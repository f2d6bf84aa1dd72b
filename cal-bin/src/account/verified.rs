//! Credentials that were verified lately, so that a request need not pay for
//! Argon2 again.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use cal_store::{PrincipalId, PrincipalName};
use hmac::{Hmac, Mac};
use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::Sha256;

use super::Error;

/// How long a right credential is known without asking Argon2 again.
const RIGHT_FOR: Duration = Duration::from_secs(3600);

/// How long a wrong one is: long enough for a client that repeats itself, short
/// enough to be no memory of its own.
const WRONG_FOR: Duration = Duration::from_secs(30);

/// Entries kept at most.
const LARGEST: usize = 10_000;

/// What is known of credentials, by a keyed digest of them.
///
/// The key is random and never leaves the process, so that a copy of its memory
/// is no list of passwords to try, and digests cannot be compared across
/// processes. An entry holds for the version of the account that it was made
/// with: any change of the account makes it void.
pub(super) struct Verified {
    key: Hmac<Sha256>,
    entries: HashMap<[u8; 32], Entry>,
}

struct Entry {
    verdict: Verdict,
    version: Version,
    until: Instant,
}

/// The state of an account that a verdict was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// There is no such account.
    Nobody,
    /// The account, and how often its password and tokens have changed.
    Generation(PrincipalId, u64),
}

/// What Argon2 said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The password is the user's.
    Right,
    /// It is not.
    Wrong,
}

impl Verified {
    pub(super) fn new() -> Result<Verified, Error> {
        let mut key = [0_u8; 32];
        OsRng
            .try_fill_bytes(&mut key)
            .map_err(|error| Error::Hash(error.to_string()))?;
        Ok(Verified {
            key: Hmac::new_from_slice(&key).map_err(|error| Error::Hash(error.to_string()))?,
            entries: HashMap::new(),
        })
    }

    /// The digest under which a credential is known.
    pub(super) fn digest(&self, account: &PrincipalName, password: &str) -> [u8; 32] {
        let mut mac = self.key.clone();
        mac.update(&account.as_str().len().to_be_bytes());
        mac.update(account.as_str().as_bytes());
        mac.update(password.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// What is known of a credential at this version of the account.
    pub(super) fn verdict(
        &self,
        digest: &[u8; 32],
        version: Version,
        now: Instant,
    ) -> Option<Verdict> {
        self.entries
            .get(digest)
            .filter(|entry| entry.version == version && now < entry.until)
            .map(|entry| entry.verdict)
    }

    /// Notes what Argon2 said of a credential.
    pub(super) fn note(
        &mut self,
        digest: [u8; 32],
        version: Version,
        verdict: Verdict,
        now: Instant,
    ) {
        if self.entries.len() >= LARGEST {
            self.entries.retain(|_, entry| now < entry.until);
        }
        if self.entries.len() >= LARGEST {
            self.entries
                .retain(|_, entry| entry.verdict == Verdict::Right);
        }
        if self.entries.len() >= LARGEST {
            self.entries.clear();
        }
        let lifetime = match verdict {
            Verdict::Right => RIGHT_FOR,
            Verdict::Wrong => WRONG_FOR,
        };
        self.entries.insert(
            digest,
            Entry {
                verdict,
                version,
                until: now + lifetime,
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_holds_for_its_version_and_time_only() {
        let ada: PrincipalName = "ada".parse().unwrap();
        let id = PrincipalId::random();
        let (first, second) = (Version::Generation(id, 1), Version::Generation(id, 2));
        let now = Instant::now();
        let mut verified = Verified::new().unwrap();
        let digest = verified.digest(&ada, "engine");
        assert_eq!(verified.verdict(&digest, first, now), None);
        verified.note(digest, first, Verdict::Right, now);
        assert_eq!(verified.verdict(&digest, first, now), Some(Verdict::Right));
        assert_eq!(verified.verdict(&digest, second, now), None);
        assert_eq!(verified.verdict(&digest, first, now + RIGHT_FOR), None);
    }

    #[test]
    fn digests_differ_by_user_password_and_process() {
        let (ada, adax): (PrincipalName, PrincipalName) =
            ("ada".parse().unwrap(), "adax".parse().unwrap());
        let (here, elsewhere) = (Verified::new().unwrap(), Verified::new().unwrap());
        let digest = here.digest(&ada, "xengine");
        assert_ne!(digest, here.digest(&adax, "engine"));
        assert_ne!(digest, here.digest(&ada, "engine"));
        assert_ne!(digest, elsewhere.digest(&ada, "xengine"));
    }

    #[test]
    fn a_flood_of_wrong_passwords_keeps_the_right_ones() {
        let ada_now = Version::Generation(PrincipalId::random(), 1);
        let ada: PrincipalName = "ada".parse().unwrap();
        let now = Instant::now();
        let mut verified = Verified::new().unwrap();
        let right = verified.digest(&ada, "engine");
        verified.note(right, ada_now, Verdict::Right, now);
        for number in 0..2 * LARGEST {
            let digest = verified.digest(&ada, &number.to_string());
            verified.note(digest, ada_now, Verdict::Wrong, now);
        }
        assert!(verified.entries.len() <= LARGEST);
        assert_eq!(verified.verdict(&right, ada_now, now), Some(Verdict::Right));
    }
}
