//! Keys, derived from the server secret.

use scrypt::Params;
use zeroize::Zeroizing;

use super::ServerSecret;
use super::envelope::SALT;
use crate::Error;

/// Keys that are remembered. There is one for each process that has sealed
/// secrets since all were last sealed anew.
const REMEMBERED: usize = 64;

/// The cost of version 1: 32 MiB and about a tenth of a second.
const COST: (u8, u32, u32) = (15, 8, 1);

/// A key for AES-256.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// The keys that were derived last, the latest used at the end.
#[derive(Default)]
pub(super) struct Keys(Vec<([u8; SALT], Key)>);

impl Keys {
    /// The key of a salt; derived, which is slow, unless it is remembered.
    pub(super) fn key(&mut self, secret: &ServerSecret, salt: &[u8; SALT]) -> Result<Key, Error> {
        let found = self.0.iter().position(|(known, _)| known == salt);
        let (salt, key) = match found {
            Some(place) => self.0.remove(place),
            None => (*salt, derive(secret, salt)?),
        };
        if self.0.len() >= REMEMBERED {
            self.0.remove(0);
        }
        self.0.push((salt, key.clone()));
        Ok(key)
    }
}

fn derive(secret: &ServerSecret, salt: &[u8; SALT]) -> Result<Key, Error> {
    let (log_n, r, p) = COST;
    let params = Params::new(log_n, r, p).map_err(|error| Error::backend(error.to_string()))?;
    let mut key = Key::default();
    scrypt::scrypt(&secret.0, salt, &params, &mut *key)
        .map_err(|error| Error::backend(error.to_string()))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_keys_are_remembered_than_the_bound_and_the_latest_used_stay() -> Result<(), Error> {
        let secret = ServerSecret::new(*b"a secret of the server")?;
        let mut keys = Keys::default();
        let known = |number: usize| [u8::try_from(number).unwrap_or(u8::MAX); SALT];
        keys.0 = (0..REMEMBERED)
            .map(|it| (known(it), Key::default()))
            .collect();
        keys.key(&secret, &known(0))?;
        keys.key(&secret, &[255; SALT])?;
        assert_eq!(keys.0.len(), REMEMBERED);
        let remembered = |salt| keys.0.iter().any(|(known, _)| *known == salt);
        assert!(remembered(known(0)) && remembered([255; SALT]));
        assert!(!remembered(known(1)));
        Ok(())
    }
}
