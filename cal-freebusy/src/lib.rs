#![doc = include_str!("../README.md")]

mod availability;
mod busy_times;
mod busy_type;
mod error;
mod interval;
mod participation;
mod published;
mod schedule;
mod slot;
mod slot_set;
mod week;

pub use availability::Availability;
pub use busy_times::{BusyTime, BusyTimes};
pub use busy_type::BusyType;
pub use error::Error;
pub use interval::Interval;
pub use participation::Transparency;
pub use schedule::Schedule;
pub use slot::Slot;
pub use slot_set::{FreeRuns, Iter, Runs, SlotSet};
pub use week::Week;
