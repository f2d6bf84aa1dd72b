//! Passwords as they are stored: Argon2id.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use cal_store::PasswordHash;

use super::Error;

/// The longest password, in octets: hashing is meant to cost us little and a
/// guesser much, not the other way round.
const LONGEST: usize = 1024;

/// The second choice of RFC 9106 is for plenty of memory; this is what OWASP
/// asks of a server that verifies many at once: 19 MiB, two passes, one lane.
fn argon2id() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// Hashes a password with a fresh salt.
pub(crate) fn hash(password: &str) -> Result<PasswordHash, Error> {
    check(password)?;
    argon2id()
        .hash_password(password.as_bytes())
        .map(|hash| PasswordHash::new(hash.to_string()))
        .map_err(|error| Error::Hash(error.to_string()))
}

/// Whether the password is the one that was hashed.
pub(super) fn verify(password: &str, hash: &PasswordHash) -> bool {
    password.len() <= LONGEST
        && argon2id()
            .verify_password(password.as_bytes(), hash.as_str())
            .is_ok()
}

fn check(password: &str) -> Result<(), Error> {
    if password.is_empty() {
        Err(Error::InvalidPassword("is empty"))
    } else if password.len() > LONGEST {
        Err(Error::InvalidPassword("is longer than 1024 octets"))
    } else if password.chars().any(char::is_control) {
        Err(Error::InvalidPassword("holds a control character"))
    } else {
        Ok(())
    }
}
