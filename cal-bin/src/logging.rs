//! Structured logs on standard error.

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::error::Error;

/// Sends the logs of the process to standard error from now on.
pub(crate) fn start(settings: &Log) -> Result<(), Error> {
    // What migrations say at the level info is of interest to nobody but us.
    let level = format!("refinery_core=warn,{}", settings.level);
    let filter = EnvFilter::try_new(level).map_err(|error| {
        Error::Usage(format!(
            "log.level {:?} is no level (error, warn, info, debug, trace) and no filter: {error}",
            settings.level
        ))
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match settings.format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| Error::System("logging cannot start", std::io::Error::other(error)))
}
