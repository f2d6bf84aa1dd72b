//! The server secret, which is no setting: it is never printed, and in no
//! configuration file.

use std::env;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use cal_store::ServerSecret;

use super::{Error, Settings};

/// The variable that holds it.
pub(super) const VARIABLE: &str = "CAL_SECRET";

/// The longest server secret that is read.
const MAX_BYTES: u64 = 4096;

impl Settings {
    /// The server secret: of the environment, or of the file that is named.
    pub(crate) fn server_secret(&self) -> Result<ServerSecret, Error> {
        if let Some(secret) = env::var_os(VARIABLE) {
            return taken(VARIABLE, secret.into_encoded_bytes());
        }
        match &self.secret_file {
            Some(path) => secret_of_file(path),
            None => Err(Error::NoSecret),
        }
    }
}

/// The server secret in a file.
pub(crate) fn secret_of_file(path: &Path) -> Result<ServerSecret, Error> {
    let mut secret = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut secret));
    read.map_err(|source| Error::File {
        path: path.to_owned(),
        source,
    })?;
    taken(&path.display().to_string(), secret)
}

/// A line break at the end is the editor's.
fn taken(place: &str, mut secret: Vec<u8>) -> Result<ServerSecret, Error> {
    while secret
        .last()
        .is_some_and(|last| matches!(last, b'\n' | b'\r'))
    {
        secret.pop();
    }
    ServerSecret::new(secret).map_err(|source| Error::Secret {
        place: place.to_owned(),
        source,
    })
}
