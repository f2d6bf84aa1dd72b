#![doc = include_str!("../README.md")]

mod access;
mod allow;
mod auth;
mod body;
mod builder;
mod calendar_data;
mod clock;
mod discovery;
mod dispatch;
mod error;
mod exchange;
mod export;
mod filter;
mod headers;
mod href;
mod incoming;
mod limits;
mod method;
mod multistatus;
mod path;
mod property;
mod provision;
mod refusal;
mod report;
mod resource;
mod server;
mod status;
mod verb;
mod zone;

pub use auth::{Attempt, Authenticator, Basic, User};
pub use body::{Body, Interrupted};
pub use builder::Builder;
pub use discovery::Discovery;
pub use error::Error;
pub use limits::Limits;
pub use server::CalDavServer;
