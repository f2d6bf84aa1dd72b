//! App passwords: random, one per device, shown once.

use std::fmt;

use cal_store::TokenHash;
use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};

use super::Error;

/// No letter that looks like a digit; 32 of them, so that each carries 5 bits.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// 28 letters of 5 bits: 140 bits that nobody guesses.
const LETTERS: usize = 28;

/// Letters between two hyphens.
const GROUP: usize = 4;

/// A password for one device, as it is shown once to whom it is for.
///
/// It is random, so that a plain SHA-256 keeps it: there is no dictionary to
/// try. People copy it by hand, so that hyphens, spaces and case do not count.
pub(crate) struct AppPassword(String);

impl AppPassword {
    /// A new one.
    pub(crate) fn random() -> Result<AppPassword, Error> {
        let mut octets = [0_u8; LETTERS];
        OsRng
            .try_fill_bytes(&mut octets)
            .map_err(|error| Error::Hash(error.to_string()))?;
        let letters = octets
            .iter()
            .filter_map(|octet| ALPHABET.get(usize::from(octet % 32)))
            .map(|letter| char::from(*letter))
            .collect();
        Ok(AppPassword(letters))
    }

    /// What is kept of it.
    pub(crate) fn digest(&self) -> TokenHash {
        TokenHash::new(Sha256::digest(self.0.as_bytes()).to_vec())
    }
}

/// The digest under which what a client sent would be kept, if it can be an app
/// password at all.
pub(super) fn digest_of(sent: &str) -> Option<TokenHash> {
    if sent.len() > 4 * LETTERS {
        return None;
    }
    let letters: String = sent
        .chars()
        .filter(|letter| !matches!(letter, '-' | ' '))
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    (letters.len() == LETTERS).then(|| AppPassword(letters).digest())
}

impl fmt::Display for AppPassword {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, letter) in self.0.chars().enumerate() {
            if position > 0 && position % GROUP == 0 {
                out.write_str("-")?;
            }
            write!(out, "{letter}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_spaces_and_case_of_an_app_password_do_not_count() {
        let password = AppPassword("abcdefghijkmnpqrstuvwxyz2345".to_owned());
        assert_eq!(password.to_string(), "abcd-efgh-ijkm-npqr-stuv-wxyz-2345");
        for sent in [
            "abcd-efgh-ijkm-npqr-stuv-wxyz-2345",
            "abcdefghijkmnpqrstuvwxyz2345",
            "ABCD EFGH ijkm npqr stuv wxyz 2345",
        ] {
            assert_eq!(digest_of(sent), Some(password.digest()), "{sent}");
        }
        assert_eq!(digest_of("abcd"), None);
        assert_eq!(digest_of(&"a".repeat(4000)), None);
    }

    #[test]
    fn no_two_app_passwords_are_alike() {
        let all: std::collections::BTreeSet<String> = (0..100)
            .map(|_| AppPassword::random().unwrap().to_string())
            .collect();
        assert_eq!(all.len(), 100);
    }
}
