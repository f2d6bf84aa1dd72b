//! What can be asked of a server: each operation makes its request and reads
//! its reply, and knows nothing of connections.

mod answer;
mod delete;
mod free_busy;
mod get;
mod make_calendar;
mod propfind;
mod proppatch;
mod put;
mod refused_property;
mod report;

pub use answer::{Answer, Member};
pub(crate) use answer::{resource_key, same_resource};
pub use delete::Delete;
pub use free_busy::FreeBusy;
pub use get::{Body, Get};
pub use make_calendar::{MakeCalendar, MakeMethod};
pub use propfind::Propfind;
pub use proppatch::Proppatch;
pub use put::{Put, Stored, WriteCondition};
pub use refused_property::RefusedProperty;
pub use report::QueryReport;

use crate::{Error, Reply, Request};

/// Something asked of a server.
pub trait Operation {
    /// What the reply says.
    type Output;

    /// The request.
    fn request(&self) -> Request;

    /// Reads the reply to it.
    ///
    /// # Errors
    ///
    /// What the reply says went wrong, or what is wrong with the reply.
    fn read(&self, reply: Reply) -> Result<Self::Output, Error>;
}
