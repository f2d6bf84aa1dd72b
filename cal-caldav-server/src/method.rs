//! The methods other than REPORT, one per file.

pub(crate) mod acl;
pub(crate) mod attach;
pub(crate) mod delete;
pub(crate) mod destination;
pub(crate) mod get;
pub(crate) mod lock;
pub(crate) mod locked;
pub(crate) mod make;
pub(crate) mod options;
pub(crate) mod post;
pub(crate) mod propfind;
pub(crate) mod proppatch;
pub(crate) mod put;
pub(crate) mod relocate;
pub(crate) mod states;
pub(crate) mod unlock;
mod unmodified;
