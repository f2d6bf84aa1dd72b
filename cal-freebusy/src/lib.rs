#![doc = include_str!("../README.md")]

mod availability;
mod busy_index;
mod busy_times;
mod busy_type;
mod chart;
mod disjoint;
mod error;
mod exchange;
mod explanation;
mod holds;
mod interval;
mod layer;
mod owner;
mod participation;
mod published;
mod report;
mod schedule;
mod slot;
mod slot_set;
mod suggest;
mod team;
mod usual_hours;
mod wall_clock;
mod week;
mod working_hours;

pub use availability::Availability;
pub use busy_index::{BusyIndex, Change};
pub use busy_times::{BusyTime, BusyTimes};
pub use busy_type::BusyType;
pub use chart::Chart;
pub use error::Error;
pub use exchange::{SharedAvailability, SignedAvailability};
pub use explanation::{Cause, Effect, Explanation};
pub use holds::{Hold, HoldId, Holds};
pub use interval::Interval;
pub use layer::{Layer, Layers};
pub use participation::{Transparency, WhyFree};
pub use report::{SeriesReport, WeekReport};
pub use schedule::Schedule;
pub use slot::Slot;
pub use slot_set::{FreeRuns, Iter, Runs, SlotSet};
pub use suggest::{
    Answer, Attendance, Compromise, Factor, Obstacle, Outside, Participant, Preference, Problem,
    Request, Room, RoomNeed, Share, Suggestion, Tentative, Turn, WeekOfSeries, WeeklyFit, Weights,
};
pub use team::{Host, Offer, Team};
pub use week::Week;
pub use working_hours::{TimeOfDay, WorkingHours};
