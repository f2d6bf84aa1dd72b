//! Files and standard input, named as the user named them.

use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use cal_core::Limits;

use crate::error::Error;

/// Where a calendar comes from: a file, or `-` for standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// Standard input.
    Standard,
    /// A file.
    File(PathBuf),
}

impl Input {
    /// All bytes.
    ///
    /// # Errors
    /// They cannot be read, or are more than a calendar may have.
    pub(crate) fn read(&self) -> Result<Vec<u8>, Error> {
        let bytes = match self {
            Input::Standard => read_bounded(io::stdin().lock()),
            Input::File(path) => File::open(path).and_then(|file| match file.metadata()?.len() {
                length if length > most() => Err(too_long()),
                _ => read_bounded(file),
            }),
        };
        bytes.map_err(|source| Error::Read {
            name: self.to_string(),
            source,
        })
    }
}

/// Reads to the end, which a device or a pipe may not have.
fn read_bounded(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = from.take(most() + 1).read_to_end(&mut bytes)?;
    if u64::try_from(read).is_ok_and(|read| read <= most()) {
        Ok(bytes)
    } else {
        Err(too_long())
    }
}

/// Bytes that are read at most: more, no reader of calendars takes.
fn most() -> u64 {
    u64::try_from(Limits::default().input_bytes).unwrap_or(u64::MAX - 1)
}

fn too_long() -> io::Error {
    let reason = format!("it is longer than {} bytes", most());
    io::Error::new(io::ErrorKind::FileTooLarge, reason)
}

impl From<OsString> for Input {
    fn from(name: OsString) -> Input {
        if name == "-" {
            Input::Standard
        } else {
            Input::File(PathBuf::from(name))
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Input::Standard => out.write_str("-"),
            Input::File(path) => path.display().fmt(out),
        }
    }
}
