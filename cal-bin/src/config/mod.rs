//! Settings: what they are and what they are when nobody says.
//!
//! Flags go over environment variables, these over the configuration file, and
//! that over the defaults. See [`layers`] for how.

mod folders;
mod forwarded;
mod layers;
mod list;
mod nearest;
mod redis;
mod secret;
mod store_flags;
mod wrong_value;

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cal_store::Store;
use serde::{Deserialize, Serialize};
use url::Url;

pub(crate) use forwarded::Forwarded;
pub(crate) use layers::{Flags, load};
pub(crate) use redis::RedisUrl;
pub(crate) use secret::secret_of_file;
pub(crate) use store_flags::StoreFlags;

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
    #[error("{place}: {key}: expected {expected}, found {found}")]
    Value {
        /// The file, or the environment.
        place: String,
        key: String,
        expected: String,
        found: String,
    },
    /// The layers do not make settings, whatever their values.
    #[error("configuration: {0}")]
    Layers(#[from] Box<figment::Error>),
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
    /// Nobody says what secrets are encrypted with.
    #[error(
        "no server secret: set CAL_SECRET, or secret_file to a file with one; `openssl rand -base64 32` makes one"
    )]
    NoSecret,
    /// The server secret is none.
    #[error("{place}: no server secret")]
    Secret {
        /// The file, or the variable.
        place: String,
        source: cal_store::Error,
    },
}

/// Everything that can be configured.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// Where calendars and accounts are kept; from XDG when absent.
    data: Option<PathBuf>,
    /// The PostgreSQL database that they are kept in instead, for many
    /// processes on many machines.
    database: Option<Database>,
    /// The Redis server that servers over the same calendars share, if any.
    pub(crate) redis: Option<RedisUrl>,
    /// `HOST:PORT` to listen on; port 0 takes any free one.
    pub(crate) listen: Listen,
    pub(crate) role: Role,
    /// The file with the server secret, unless the environment holds it.
    secret_file: Option<PathBuf>,
    /// Days that history and the trash are kept; 0 for ever.
    retention_days: u32,
    /// Days that jobs are kept that were given up; 0 for ever.
    dead_letter_days: u32,
    /// The address that users see, with the path prefix of a reverse proxy.
    pub(crate) base_url: Option<Url>,
    /// Proxies whose `X-Forwarded-For` is believed; in the environment, with
    /// commas between them.
    #[serde(deserialize_with = "list::addresses")]
    pub(crate) trusted_proxies: Vec<IpAddr>,
    pub(crate) forwarded: Forwarded,
    pub(crate) log: Log,
    pub(crate) limits: Limits,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            data: None,
            database: None,
            redis: None,
            listen: Listen::default(),
            role: Role::default(),
            secret_file: None,
            retention_days: Store::RETENTION_DAYS,
            dead_letter_days: Store::DEAD_LETTER_DAYS,
            base_url: None,
            trusted_proxies: Vec::new(),
            forwarded: Forwarded::default(),
            log: Log::default(),
            limits: Limits::default(),
        }
    }
}

impl Settings {
    /// Days that history and the trash are kept; none if for ever.
    pub(crate) fn retention(&self) -> Option<u32> {
        Some(self.retention_days).filter(|days| *days > 0)
    }

    /// Days that jobs are kept that were given up; none if for ever.
    pub(crate) fn dead_letters(&self) -> Option<u32> {
        Some(self.dead_letter_days).filter(|days| *days > 0)
    }

    #[cfg(test)]
    pub(crate) fn with_retention(days: u32) -> Settings {
        Settings {
            retention_days: days,
            ..Settings::default()
        }
    }

    /// Where calendars and accounts are kept.
    pub(crate) fn place(&self) -> Result<Place, Error> {
        match (&self.database, &self.data) {
            (Some(database), _) => Ok(Place::Database(database.clone())),
            (None, Some(folder)) => Ok(Place::of_path(folder)),
            (None, None) => folders::data()
                .map(Place::Folder)
                .ok_or(Error::NoDataFolder),
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
        let invalid = |key, reason: &str| {
            let reason = reason.to_owned();
            Err(Error::Invalid { key, reason })
        };
        if !self.listen.is_address() {
            return invalid("listen", "must be HOST:PORT, such as 127.0.0.1:5545");
        }
        if self.database.as_ref().is_some_and(|it| !it.is_url()) {
            return invalid(
                "database",
                "must be a URL, such as postgres://cal@localhost/cal",
            );
        }
        if self.redis.as_ref().is_some_and(|it| !it.is_url()) {
            return invalid("redis", "must be a URL, such as redis://localhost:6379");
        }
        if let Some((key, reason)) = self.fault_of_forwarded() {
            return invalid(key, reason);
        }
        if let Some(key) = self.limits.zero() {
            return invalid(key, "must be at least 1");
        }
        match self.base_url.as_ref().and_then(fault_of_base) {
            Some(fault) => invalid("base_url", fault),
            None => Ok(()),
        }
    }
}

/// Why a URL cannot be the one that users see.
fn fault_of_base(url: &Url) -> Option<&'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        Some("must start with http:// or https://")
    } else if url.query().is_some() || url.fragment().is_some() {
        Some("must end with its path, without ? or #")
    } else if !url.username().is_empty() || url.password().is_some() {
        Some("must not name a user")
    } else {
        None
    }
}

/// Where calendars and accounts are kept.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// In a file of this folder.
    Folder(PathBuf),
    /// In plain files below this folder, which other programs read and edit.
    Files(PathBuf),
    /// In this database.
    Database(Database),
}

impl Place {
    /// What a path or a URL names: `postgres://...`, `folder:PATH`, or the path
    /// of a data folder.
    pub(crate) fn named(text: &str) -> Place {
        let database = Database(text.to_owned());
        match database.is_url() {
            true => Place::Database(database),
            false => Place::of_path(Path::new(text)),
        }
    }

    /// A path, with `folder:` before it if it holds plain files.
    fn of_path(path: &Path) -> Place {
        let files = path.to_str().and_then(|text| text.strip_prefix(FILES));
        match files {
            Some(files) => Place::Files(files.into()),
            None => Place::Folder(path.to_owned()),
        }
    }
}

/// What stands before the path of a folder of plain files.
pub(crate) const FILES: &str = "folder:";

/// A folder, or a database without its password.
impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Folder(folder) => folder.display().fmt(out),
            Place::Files(folder) => write!(out, "{FILES}{}", folder.display()),
            Place::Database(database) => database.fmt(out),
        }
    }
}

/// The URL of a PostgreSQL database, which may hold a password.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Database(String);

impl Database {
    pub(crate) fn url(&self) -> &str {
        &self.0
    }

    fn is_url(&self) -> bool {
        let scheme = self.0.split_once("://").map(|(scheme, _)| scheme);
        matches!(scheme, Some("postgres" | "postgresql"))
    }
}

/// The URL without what may be secret: its password, and its settings.
impl fmt::Display for Database {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.0.split_once("://").unwrap_or_default();
        let rest = rest.split('?').next().unwrap_or_default();
        match rest.rsplit_once('@') {
            Some((user, place)) => {
                let user = user.split(':').next().unwrap_or_default();
                write!(out, "{scheme}://{user}@{place}")
            }
            None => write!(out, "{scheme}://{rest}"),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
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

    /// Whether there is a host, and a port that is one.
    fn is_address(&self) -> bool {
        let parts = self.0.rsplit_once(':');
        parts.is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
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

    /// Whether this process works in the background.
    pub(crate) fn works(self) -> bool {
        !matches!(self, Role::Api)
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
    /// The first limit that lets nothing through, if any.
    fn zero(&self) -> Option<&'static str> {
        let limits = [
            ("limits.connections", self.connections == 0),
            ("limits.header_bytes", self.header_bytes == 0),
            ("limits.header_seconds", self.header_seconds == 0),
            ("limits.request_seconds", self.request_seconds == 0),
            ("limits.object_bytes", self.object_bytes == 0),
        ];
        let zero = limits.into_iter().find(|(_, zero)| *zero);
        zero.map(|(key, _)| key)
    }

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
