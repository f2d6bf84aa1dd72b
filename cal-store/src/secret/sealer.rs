//! Sealing secrets and opening them: AES-256-GCM under a key of scrypt.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aes_gcm::aead::{Aead, Generate, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};

use super::envelope::{NONCE, Parts, SALT};
use super::key::Keys;
use super::{Envelope, Secret, SecretFault, ServerSecret};
use crate::{Error, SourceId};

/// Seals secrets and opens them, each for its source alone. Clones share the
/// keys that they have derived.
///
/// To derive a key takes about a tenth of a second: [`Store`](crate::Store)
/// does it away from the async threads.
///
/// ```
/// use cal_store::{Sealer, Secret, ServerSecret, SourceId};
///
/// let sealer = Sealer::new(ServerSecret::new("32 random bytes are the best here")?)?;
/// let work = SourceId::new("caldav-7")?;
/// let envelope = sealer.seal(&work, &Secret::new("engine"))?;
/// assert!(envelope.as_str().starts_with("v1:"));
/// assert_eq!(sealer.open(&work, &envelope)?.expose(), b"engine");
/// assert!(sealer.open(&SourceId::new("caldav-8")?, &envelope).is_err());
/// # Ok::<(), cal_store::Error>(())
/// ```
#[derive(Clone)]
pub struct Sealer(Arc<Inner>);

struct Inner {
    secret: ServerSecret,
    /// Of all that is sealed here: another has another key.
    salt: [u8; SALT],
    keys: Mutex<Keys>,
}

impl Sealer {
    /// A sealer with this server secret and a random salt of its own.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`] if the system has no random bytes.
    pub fn new(secret: ServerSecret) -> Result<Self, Error> {
        let salt = random()?;
        let keys = Mutex::default();
        Ok(Self(Arc::new(Inner { secret, salt, keys })))
    }

    /// Encrypts a secret for a source, under a random nonce.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`] if the system has no random bytes.
    pub fn seal(&self, source: &SourceId, secret: &Secret) -> Result<Envelope, Error> {
        let (salt, nonce) = (self.0.salt, random::<NONCE>()?);
        let payload = Payload {
            msg: secret.expose(),
            aad: source.as_str().as_bytes(),
        };
        let sealed = self.cipher(&salt)?.encrypt(&Nonce::from(nonce), payload);
        let text = sealed.map_err(|error| Error::backend(error.to_string()))?;
        Ok(Envelope::write(&Parts { salt, nonce, text }))
    }

    /// Decrypts the secret of a source.
    ///
    /// # Errors
    ///
    /// [`Error::Secret`] names the source, and says whether the envelope is of
    /// a version that is not known, malformed, or does not open.
    pub fn open(&self, source: &SourceId, envelope: &Envelope) -> Result<Secret, Error> {
        let Parts { salt, nonce, text } = envelope.read().map_err(|fault| fault.of(source))?;
        let payload = Payload {
            msg: &text,
            aad: source.as_str().as_bytes(),
        };
        let opened = self.cipher(&salt)?.decrypt(&Nonce::from(nonce), payload);
        let opened = opened.map_err(|_| SecretFault::WrongKey.of(source))?;
        Ok(Secret::new(opened))
    }

    fn cipher(&self, salt: &[u8; SALT]) -> Result<Aes256Gcm, Error> {
        // Derived under the lock: once for many who ask, and in bounded memory.
        let mut keys = self.0.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let key = keys.key(&self.0.secret, salt)?;
        Ok(Aes256Gcm::new((&*key).into()))
    }
}

/// Hides the server secret and the keys.
impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(..)")
    }
}

fn random<const N: usize>() -> Result<[u8; N], Error> {
    <[u8; N]>::try_generate().map_err(|error| Error::backend(error.to_string()))
}
