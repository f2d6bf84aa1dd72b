#![doc = include_str!("../README.md")]

mod busy_times;
mod busy_type;
mod error;
mod interval;
mod participation;
mod published;
mod slot;
mod slot_set;
mod week;

pub use busy_times::{BusyTime, BusyTimes};
pub use busy_type::BusyType;
pub use error::Error;
pub use interval::Interval;
pub use slot::Slot;
pub use slot_set::{FreeRuns, Iter, Runs, SlotSet};
pub use week::Week;
