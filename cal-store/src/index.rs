//! What is known of a calendar object besides its bytes: all of it is made of
//! them, by one function, and can be made again.

mod basis;
mod category;
mod query;
mod reminder;
mod words;

pub use basis::IndexBasis;
pub use category::{Category, CategoryCount};
pub use query::{Indexed, MarkQuery, Marked, Reindexed, SearchQuery};
pub use reminder::{ReminderKind, ReminderMark};
pub(crate) use reminder::{Ring, marks, rings};
pub use words::Words;
pub(crate) use words::WordsBuilder;
