//! The store of a data folder, and the runtime that it needs.

use std::path::Path;

use cal_store::{Cause, PrincipalName, Store, Timestamp, Via};
use chrono::Utc;
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

/// Why we write, for the history: a command of this user, or for them.
pub(crate) fn cause(via: Via, principal: Option<&PrincipalName>) -> Cause {
    let now = Timestamp::from_millis(Utc::now().timestamp_millis());
    let cause = Cause::new(via, now);
    match principal {
        Some(name) => cause.with_principal(name),
        None => cause,
    }
}
