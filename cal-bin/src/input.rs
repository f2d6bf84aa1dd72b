//! Files and standard input, named as the user named them.

use std::fmt;
use std::io::{self, Read};
use std::path::PathBuf;
use std::str::FromStr;

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
    pub(crate) fn read(&self) -> Result<Vec<u8>, Error> {
        let bytes = match self {
            Input::Standard => {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            }
            Input::File(path) => std::fs::read(path),
        };
        bytes.map_err(|source| Error::Read {
            name: self.to_string(),
            source,
        })
    }
}

impl FromStr for Input {
    type Err = std::convert::Infallible;

    fn from_str(name: &str) -> Result<Input, Self::Err> {
        Ok(match name {
            "-" => Input::Standard,
            path => Input::File(PathBuf::from(path)),
        })
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
