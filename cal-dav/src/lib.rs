#![doc = include_str!("../README.md")]

mod attribute;
mod bounded;
mod element;
mod encoding;
mod error;
mod etag;
pub mod header;
mod href;
mod http_date;
mod limits;
pub mod name;
pub mod property;
mod reader;
pub mod report;
pub mod request;
pub mod response;
pub mod status;
mod sync_token;
mod writer;
mod xml;

pub use attribute::Attribute;
pub use element::{Element, Node};
pub use error::Error;
pub use etag::ETag;
pub use href::Href;
pub use http_date::HttpDate;
pub use limits::{Bound, Limits};
pub use sync_token::SyncToken;
pub use writer::{Tag, Writer};
pub use xml::XmlElement;
