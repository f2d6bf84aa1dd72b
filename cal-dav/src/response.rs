//! Bodies of answers.

mod error_body;
mod made_collection;
mod multistatus;
mod multistatus_reader;
mod multistatus_writer;
mod precondition;
mod propstat;
mod resource_response;

pub use error_body::ErrorBody;
pub use made_collection::{MkcalendarResponse, MkcolResponse};
pub use multistatus::Multistatus;
pub use multistatus_reader::{MultistatusItem, MultistatusReader};
pub use multistatus_writer::{MultistatusWriter, PropstatWriter};
pub use precondition::Precondition;
pub use propstat::Propstat;
pub use resource_response::{Outcome, Response};
