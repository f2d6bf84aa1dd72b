//! Settings: what they are and what they are when nobody says.
//!
//! Flags go over environment variables, these over the configuration file, and
//! that over the defaults. See [`layers`] for how.

mod folders;
mod layers;
mod nearest;

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

pub(crate) use layers::{Flags, load};

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Error {
    /// A key that means nothing, with the known key that looks most like it.
    #[error("{place}: unknown key {key}{}", nearest.as_ref().map(|known| format!(", did you mean {known}?")).unwrap_or_default())]
    UnknownKey {
        /// The file, or the environment.
        place: String,
        key: String,
        nearest: Option<String>,
    },
    /// The file is no TOML.
    #[error("{}: {message}", path.display())]
    Syntax { path: PathBuf, message: String },
    /// A value of the wrong kind.
    #[error("configuration: {0}")]
    Value(#[from] Box<figment::Error>),
    /// A value that is of the right kind and yet cannot be.
    #[error("configuration: {key}: {reason}")]
    Invalid { key: &'static str, reason: String },
    /// The file that `--config` names cannot be read.
    #[error("{}: cannot be read", path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    /// Neither a flag nor the environment says where data go.
    #[error("no data folder: give --data DIR or set CAL_DATA, XDG_DATA_HOME or HOME")]
    NoDataFolder,
}

/// Everything that can be configured.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Where calendars and accounts are kept; from XDG when absent.
    data: Option<PathBuf>,
    /// `HOST:PORT` to listen on; port 0 takes any free one.
    pub(crate) listen: Listen,
    pub(crate) role: Role,
    /// The address that users see, with the path prefix of a reverse proxy.
    pub(crate) base_url: Option<Url>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub(crate) trusted_proxies: Vec<IpAddr>,
    pub(crate) log: Log,
    pub(crate) limits: Limits,
}

impl Settings {
    /// The folder that calendars and accounts are kept in.
    pub(crate) fn data_folder(&self) -> Result<PathBuf, Error> {
        match &self.data {
            Some(folder) => Ok(folder.clone()),
            None => folders::data().ok_or(Error::NoDataFolder),
        }
    }

    /// The path that every URL of ours starts with: empty, or `/` and a name
    /// without a final `/`.
    pub(crate) fn path_prefix(&self) -> &str {
        self.base_url
            .as_ref()
            .map_or("", |url| url.path().trim_end_matches('/'))
    }

    fn validate(&self) -> Result<(), Error> {
        let Some(url) = &self.base_url else {
            return Ok(());
        };
        let fault = if !matches!(url.scheme(), "http" | "https") {
            "must start with http:// or https://"
        } else if url.query().is_some() || url.fragment().is_some() {
            "must end with its path, without ? or #"
        } else if !url.username().is_empty() || url.password().is_some() {
            "must not name a user"
        } else {
            return Ok(());
        };
        Err(Error::Invalid {
            key: "base_url",
            reason: fault.to_owned(),
        })
    }
}

/// `HOST:PORT`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Listen(String);

impl Default for Listen {
    fn default() -> Listen {
        Listen("127.0.0.1:5545".to_owned())
    }
}

impl Listen {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What a process does of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// Answers requests and works in the background.
    #[default]
    All,
    /// Answers requests only.
    Api,
    /// Works in the background only, and listens nowhere.
    Worker,
}

impl Role {
    /// Whether this process answers requests.
    pub(crate) fn listens(self) -> bool {
        !matches!(self, Role::Worker)
    }
}

/// What is logged, and how it looks.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    /// A level, or a filter such as `info,cal::daemon=debug`.
    pub(crate) level: String,
    pub(crate) format: LogFormat,
}

impl Default for Log {
    fn default() -> Log {
        Log {
            level: "info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What one client may ask of the server at most.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    /// Connections open at once; further ones wait to be accepted.
    pub(crate) connections: usize,
    /// Bytes of a request's head.
    pub(crate) header_bytes: usize,
    /// Seconds until a request's head is whole.
    pub(crate) header_seconds: u64,
    /// Seconds until a request is answered, its body read included.
    pub(crate) request_seconds: u64,
    /// Bytes of one calendar object (`max-resource-size`).
    pub(crate) object_bytes: u64,
    /// Seconds that requests in flight get when the server is asked to stop.
    pub(crate) shutdown_seconds: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 1024,
            header_bytes: 64 * 1024,
            header_seconds: 15,
            request_seconds: 120,
            object_bytes: 10 * 1024 * 1024,
            shutdown_seconds: 10,
        }
    }
}

impl Limits {
    pub(crate) fn header_time(&self) -> Duration {
        Duration::from_secs(self.header_seconds)
    }

    pub(crate) fn request_time(&self) -> Duration {
        Duration::from_secs(self.request_seconds)
    }

    pub(crate) fn shutdown_time(&self) -> Duration {
        Duration::from_secs(self.shutdown_seconds)
    }
}
