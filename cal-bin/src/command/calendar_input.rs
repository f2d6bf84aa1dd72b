//! Calendars as commands read them: leniently, with a warning for each fault.

use bytes::Bytes;
use cal_core::{Calendar, ComponentKind, Fault, Reader};

use crate::console::Console;
use crate::error::Error;
use crate::input::Input;

/// A calendar and the name it was read under.
pub(super) struct CalendarInput {
    /// As the user named it, `-` for standard input.
    pub(super) name: String,
    pub(super) calendar: Calendar,
}

impl CalendarInput {
    /// Reads a calendar; what is wrong with it goes to standard error.
    ///
    /// A text without any VCALENDAR is a failure: nobody asks a shopping list
    /// for its events on purpose.
    pub(super) fn read(input: &Input, console: &mut Console) -> Result<CalendarInput, Error> {
        let name = input.to_string();
        let reading = Reader::new().read(Bytes::from(input.read()?));
        for fault in &reading.warnings {
            console.note(Warning { file: &name, fault });
        }
        let calendar = reading.calendar;
        let mut roots = calendar.roots();
        if !roots.any(|root| root.kind() == ComponentKind::Calendar) {
            return Err(Error::Input(format!("{name}:1:1: there is no VCALENDAR")));
        }
        Ok(CalendarInput { name, calendar })
    }
}

/// A fault that did not keep the rest from being read.
struct Warning<'a> {
    file: &'a str,
    fault: &'a Fault,
}

impl std::fmt::Display for Warning<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Warning { file, fault } = self;
        write!(
            out,
            "{file}:{}:{}: warning: {}",
            fault.line(),
            fault.column(),
            fault.message()
        )
    }
}
