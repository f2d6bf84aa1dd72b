//! Users whom a proxy in front names.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Error, Settings};

/// Headers of a front proxy that has authenticated its users.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Forwarded {
    /// The header that names the user; none is believed unless this is set.
    pub(crate) user: Option<String>,
    /// The header with the email address of the user.
    pub(crate) email: Option<String>,
    /// A file with what the proxy must send in `X-Forwarded-Key`.
    key_file: Option<PathBuf>,
}

impl Forwarded {
    /// What the proxy must send as its key, without the line break that an
    /// editor leaves; none if its address is enough.
    pub(crate) fn key(&self) -> Result<Option<Vec<u8>>, Error> {
        let Some(path) = &self.key_file else {
            return Ok(None);
        };
        let key = fs::read(path).map_err(|source| Error::File {
            path: path.clone(),
            source,
        })?;
        match key.trim_ascii() {
            [] => Err(Error::Invalid {
                key: "forwarded.key_file",
                reason: format!("there is no key in {}", path.display()),
            }),
            key => Ok(Some(key.to_vec())),
        }
    }
}

impl Settings {
    /// Why what is said of forwarded users cannot be: the setting, and the reason.
    pub(super) fn fault_of_forwarded(&self) -> Option<(&'static str, &'static str)> {
        let Forwarded {
            user,
            email,
            key_file,
        } = &self.forwarded;
        let is_header = |name: &String| http::HeaderName::from_bytes(name.as_bytes()).is_ok();
        if !user.iter().all(is_header) {
            Some(("forwarded.user", "must be the name of a header"))
        } else if !email.iter().all(is_header) {
            Some(("forwarded.email", "must be the name of a header"))
        } else if user.is_none() && (email.is_some() || key_file.is_some()) {
            Some(("forwarded.user", "must name the header with the user"))
        } else if user.is_some() && key_file.is_none() && self.trusted_proxies.is_empty() {
            Some((
                "forwarded.user",
                "needs trusted_proxies or forwarded.key_file: anybody could send that header",
            ))
        } else {
            None
        }
    }
}
