#![doc = include_str!("../README.md")]

mod calendar_properties;
mod client;
mod credentials;
mod discovery;
mod error;
mod exchange;
mod http_transport;
mod network;
mod new_calendar;
pub mod operation;
mod options;
mod redirect;
mod remote_calendar;
mod remote_object;
mod transport;
mod trust;

/// Names of what its methods take and give, from `cal-dav`.
pub use cal_dav::{ETag, Href, response::Precondition};
pub use calendar_properties::{Access, CalendarProperties};
pub use client::Client;
pub use credentials::{Basic, Bearer, Credentials};
pub use error::Error;
pub use exchange::{Reply, Request};
pub use http_transport::HttpTransport;
pub use network::{AddressPolicy, Block, InvalidBlock};
pub use new_calendar::{Made, NewCalendar};
pub use operation::RefusedProperty;
pub use options::Options;
pub use remote_calendar::{
    Changes, Failure, Fetched, Listed, Listing, RemoteCalendar, Rung, SyncState,
};
pub use remote_object::{RemoteObject, Version};
pub use transport::Transport;
