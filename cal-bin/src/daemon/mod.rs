//! The server: opens the store, listens, answers, stops cleanly.
//!
//! [`listener`] takes connections and bounds them, [`router`] tells what a path
//! is for; CalDAV itself is in the crate `cal-caldav-server`. [`worker`] does
//! what is done in the background.

mod address;
mod authenticator;
mod front_page;
mod index;
mod listener;
mod router;
mod sharing;
mod signal;
mod status;
mod worker;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use cal_store::{PageRequest, Store};

use sharing::Sharing;
use signal::Signals;
use worker::Worker;

use crate::config::{FILES, Place, Settings};
use crate::console::Console;
use crate::storage;

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Error {
    /// Another program has the address.
    #[error(
        "cannot listen on {address}: another program does already, perhaps another `cal serve`; give another address with --listen"
    )]
    Taken { address: String },
    /// The address is not ours, or no address.
    #[error("cannot listen on {address}")]
    Listen { address: String, source: io::Error },
    /// The system refused something else.
    #[error("{what}")]
    System {
        what: &'static str,
        source: io::Error,
    },
    /// The store refused.
    #[error("the calendars cannot be opened")]
    Store(#[from] cal_store::Error),
    /// Accounts cannot be checked.
    #[error(transparent)]
    Account(#[from] crate::account::Error),
    /// A file that the settings name is not as it must be.
    #[error(transparent)]
    Settings(#[from] crate::config::Error),
}

/// Serves until the process is asked to stop.
pub(crate) fn run(settings: &Settings, console: &mut Console) -> Result<(), crate::error::Error> {
    let place = settings.place()?;
    let runtime = storage::runtime()?;
    runtime.block_on(serve(settings, &place, console))?;
    // Whatever still computes for a client that is gone does not hold us up.
    runtime.shutdown_background();
    Ok(())
}

async fn serve(
    settings: &Settings,
    place: &Place,
    console: &mut Console,
) -> Result<(), crate::error::Error> {
    // Before anything that takes time: a stop that comes early is not lost.
    let mut signals = Signals::catch().map_err(|source| Error::System {
        what: "signals cannot be waited for",
        source,
    })?;
    let store = storage::create(settings).await?;
    let _sharing = Sharing::start(settings, &store)?;
    let worker = settings
        .role
        .works()
        .then(|| Worker::start(&store, settings));
    let upkeep = settings
        .role
        .works()
        .then(|| index::keep_up_to_date(store.clone()));
    let served = attend(settings, place, (&store, &mut signals), console).await;
    if let Some(upkeep) = upkeep {
        upkeep.stop().await;
    }
    if let Some(worker) = worker {
        worker.stop(settings.limits.shutdown_time()).await;
    }
    served
}

/// Answers requests, where that is the role, until the process is asked to stop.
async fn attend(
    settings: &Settings,
    place: &Place,
    (store, signals): (&Store, &mut Signals),
    console: &mut Console,
) -> Result<(), crate::error::Error> {
    if !settings.role.listens() {
        announce(
            console,
            &"Cal is ready: this process works in the background and does not listen",
        );
        signals.stop().await;
        return Ok(());
    }
    let listener = listener::bind(&settings.listen).await?;
    let address = listener.local_addr().map_err(|source| Error::System {
        what: "the listening address cannot be told",
        source,
    })?;
    let router = router::Router::new(store.clone(), settings)?;
    let ready = Ready {
        address,
        settings,
        place,
        new: is_without_users(store).await?,
    };
    tracing::info!(%address, data = %place, version = env!("CARGO_PKG_VERSION"), "ready");
    announce(console, &ready);
    listener::serve(listener, router, &settings.limits, signals).await;
    tracing::info!("stopped");
    Ok(())
}

/// Says that the server is ready. Nobody has to listen to that.
fn announce(console: &mut Console, line: &dyn fmt::Display) {
    let said = console.line(line).and_then(|()| console.flush());
    if let Err(error) = said {
        tracing::debug!(%error, "nobody reads standard output");
    }
}

async fn is_without_users(store: &Store) -> Result<bool, Error> {
    let first = store.principals(PageRequest::first(1)).await?;
    Ok(first.items.is_empty())
}

/// The one line that says where the server is, and what to do first.
struct Ready<'a> {
    address: SocketAddr,
    settings: &'a Settings,
    place: &'a Place,
    new: bool,
}

impl fmt::Display for Ready<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = self.settings.path_prefix();
        write!(out, "Cal is ready at http://{}{prefix}/", self.address)?;
        if let Some(url) = &self.settings.base_url {
            write!(out, " (seen from outside as {url})")?;
        }
        if self.new {
            write!(out, ", add the first user: cal user add NAME ")?;
            match self.place {
                Place::Folder(folder) => write!(out, "--data {}", shell_word(folder))?,
                // One process at a time has it open.
                Place::Files(folder) => {
                    let folder = shell_word(folder);
                    write!(out, "--data {FILES}{folder} while it does not run")?;
                }
                // Whoever has started us knows it whole; its password is not for a log.
                Place::Database(_) => write!(out, "--database URL")?,
            }
        }
        Ok(())
    }
}

/// The path as one word of a shell.
fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%=:,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
