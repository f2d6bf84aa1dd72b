#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod builder;
mod draft;
mod engine;
mod error;
mod expansion;
pub mod explain;
mod frequency;
pub mod lint;
mod parse;
mod part;
mod print;
mod problem;
mod rscale;
mod rule;
mod seconds;
mod set;
mod weekday;
mod when;
mod zone;

pub use builder::Builder;
pub use chrono::Weekday;
pub use error::Error;
pub use expansion::Expansion;
pub use explain::{Description, English, Phrasebook};
pub use frequency::Frequency;
pub use parse::Reading;
pub use part::Part;
pub use problem::{Problem, ProblemKind};
pub use rscale::{Month, Rscale, Skip};
pub use rule::RRule;
pub use set::{
    Descending, Member, Occurrence, Occurrences, RecurrenceSet, Source, Start, StartMember,
    Timestamps, Union, UnionDescending, UnionOccurrences,
};
pub use weekday::WeekdayNum;
pub use when::When;
pub use zone::{OffsetSpan, Transitions, Zone};
