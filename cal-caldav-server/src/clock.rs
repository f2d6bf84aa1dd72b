//! Where the server reads the time.

use std::time::SystemTime;

use chrono::{DateTime, Utc};

/// A source of the present instant; a fixed one makes every answer reproducible.
pub(crate) type Clock = Box<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The clock of the machine.
pub(crate) fn system() -> Clock {
    Box::new(|| DateTime::from(SystemTime::now()))
}
