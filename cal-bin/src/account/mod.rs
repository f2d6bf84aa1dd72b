//! Who may come in: accounts, passwords and app passwords.
//!
//! Accounts are principals of the store, so that `cal user` works on them while
//! the daemon runs. [`Gate`] is what a request passes: it knows what was verified
//! lately, makes guessing slow, and asks the store for the rest.

mod app_password;
mod backoff;
mod gate;
mod password;
mod prompt;
mod verified;

use cal_store::PrincipalName;

pub(crate) use app_password::AppPassword;
pub(crate) use gate::{Gate, Refusal};
pub(crate) use password::hash;
pub(crate) use prompt::{PasswordSource, answer, new_password};

/// Why an account cannot be made, or nobody can say who somebody is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Error {
    /// The text cannot name a user.
    #[error("{name:?} cannot name a user: {reason}")]
    InvalidName { name: String, reason: String },
    /// The password cannot be one.
    #[error("the password {0}")]
    InvalidPassword(&'static str),
    /// The password could not be read from the terminal or standard input.
    #[error("the password cannot be read")]
    Prompt(#[source] std::io::Error),
    /// A password could not be hashed.
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
    /// The store could not be asked.
    #[error("the accounts cannot be read")]
    Store(#[from] cal_store::Error),
}

/// Reads the name of a user: any text that HTTP Basic authentication can carry.
pub(crate) fn user_name(text: &str) -> Result<PrincipalName, Error> {
    let invalid = |reason: String| Error::InvalidName {
        name: text.chars().take(80).collect(),
        reason,
    };
    if text.contains(':') {
        return Err(invalid("HTTP cannot send a colon in it".to_owned()));
    }
    if text.trim() != text {
        return Err(invalid("it starts or ends with a space".to_owned()));
    }
    if matches!(text, "." | "..") {
        return Err(invalid("it cannot be part of a path".to_owned()));
    }
    PrincipalName::new(text).map_err(|error| invalid(error.to_string()))
}
