//! Availability files: made by `cal free export`, merged, and read wherever a
//! calendar is.

use std::path::PathBuf;
use std::str::FromStr;

use cal_freebusy::{Interval, SharedAvailability, SignedAvailability};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::error::Error;

/// A secret that those share who trust each other's files.
#[derive(Clone)]
pub(super) struct Key(Vec<u8>);

/// How many bytes a secret has at least, and at most.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 16..=4096;

impl FromStr for Key {
    type Err = String;

    fn from_str(path: &str) -> Result<Key, String> {
        let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
        let most = u64::try_from(*KEY_BYTES.end()).unwrap_or(u64::MAX - 1);
        let mut key = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(file, most + 1), &mut key)
            .map_err(|error| error.to_string())?;
        let key = key.trim_ascii().to_vec();
        if KEY_BYTES.contains(&key.len()) {
            Ok(Key(key))
        } else {
            Err("a key is a secret of 16 to 4096 bytes".to_owned())
        }
    }
}

/// It is not printed.
impl std::fmt::Debug for Key {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Key(..)")
    }
}

impl Key {
    /// HMAC-SHA-256 takes keys of any length.
    fn hmac(&self) -> Option<Hmac<Sha256>> {
        Hmac::new_from_slice(&self.0).ok()
    }

    fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let hmac = self.hmac().map(|hmac| hmac.chain_update(bytes));
        hmac.map_or_else(Vec::new, |hmac| hmac.finalize().into_bytes().to_vec())
    }

    fn is_genuine(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let hmac = self.hmac().map(|hmac| hmac.chain_update(bytes));
        hmac.is_some_and(|hmac| hmac.verify_slice(signature).is_ok())
    }
}

/// Whether a file says that it is availability, and no calendar.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"CALFBZ")
}

/// Reads a file; with a key, only if it is signed with that.
///
/// # Errors
/// It is damaged, or its signature is missing or not genuine.
pub(super) fn parse(
    name: &str,
    bytes: &[u8],
    key: Option<&Key>,
) -> Result<SharedAvailability, Error> {
    let read = SignedAvailability::from_bytes(bytes).and_then(|read| match key {
        Some(key) => read.verified(|bytes, signature| key.is_genuine(bytes, signature)),
        None => SharedAvailability::from_bytes(bytes),
    });
    read.map_err(|error| Error::Input(format!("{name}: {error}")))
}

/// Refuses a file that does not speak of all of a window: what it says nothing
/// of is not free.
///
/// # Errors
/// As said.
pub(super) fn check_window(
    name: &str,
    shared: &SharedAvailability,
    window: &Interval,
) -> Result<(), Error> {
    let known = shared.layers().window();
    if known.start() <= window.start() && window.end() <= known.end() {
        return Ok(());
    }
    Err(Error::Input(format!(
        "{name}: it speaks of {known} only, and not of all of {window}"
    )))
}

/// Writes a file, signed if there is a key.
///
/// # Errors
/// It cannot be written.
pub(super) fn write(
    path: &PathBuf,
    shared: &SharedAvailability,
    key: Option<&Key>,
) -> Result<usize, Error> {
    let bytes = match key {
        Some(key) => shared
            .to_signed_bytes(|bytes| key.sign(bytes))
            .map_err(super::refused)?,
        None => shared.to_bytes(),
    };
    std::fs::write(path, &bytes).map_err(|source| Error::Write {
        path: path.clone(),
        source,
    })?;
    Ok(bytes.len())
}
