//! Rules that count in another calendar than the Gregorian (RFC 7529).
//!
//! The calendar's own years and months generate days, and days are numbers
//! like all others: a Gregorian year is the window through which the rest of
//! the engine sees them, so that iterating, seeking and counting are the same
//! for every calendar. Only BYSETPOS needs the calendar's own intervals.

mod compile;
mod days;
mod filter;
mod set_position;
mod system;
mod units;
mod year;

pub(crate) use compile::calendar_days;
pub(crate) use days::CalendarDays;
pub(crate) use set_position::{CalendarPositionRule, UnitCache};
pub(crate) use system::System;
