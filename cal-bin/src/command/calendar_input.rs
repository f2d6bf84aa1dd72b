//! Calendars as commands read them: leniently, with a warning for each fault.

use bytes::Bytes;
use cal_core::{Calendar, ComponentKind, Fault, Reader};

use super::Outcome;
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
        let bytes = input.read()?;
        match Format::of(&bytes) {
            Format::ICalendar => {}
            Format::JCal => return Self::read_jcal(name, &bytes),
            Format::Xml => {
                let reason = "this is XML; this version of cal reads iCalendar and jCal";
                return Err(Error::Input(format!("{name}:1:1: {reason}")));
            }
        }
        let reading = Reader::new().read(Bytes::from(bytes));
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

    /// Says what kept a component from being worked out. One that is broken at a
    /// known place is left out with a warning; a limit that was reached makes the
    /// answer incomplete, which is a failure.
    pub(super) fn complain(&self, error: &cal_core::Error, console: &mut Console) -> Outcome {
        let file = &self.name;
        match error.fault() {
            Some(fault) => {
                console.note(Warning { file, fault });
                Outcome::Done
            }
            None => {
                console.note(format_args!("{file}: error: {error}"));
                match error {
                    cal_core::Error::Missing { .. } => Outcome::Done,
                    _ => Outcome::Failed,
                }
            }
        }
    }

    fn read_jcal(name: String, bytes: &[u8]) -> Result<CalendarInput, Error> {
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Error::Input(format!("{name}: jCal must be UTF-8 and is not")))?;
        let calendar = Calendar::from_jcal(text.trim_start_matches(BYTE_ORDER_MARK))
            .map_err(|error| Error::Input(format!("{name}: {error}")))?;
        Ok(CalendarInput { name, calendar })
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// What a text looks like by its first character.
enum Format {
    ICalendar,
    /// RFC 7265
    JCal,
    Xml,
}

impl Format {
    fn of(bytes: &[u8]) -> Format {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        match bytes.trim_ascii_start().first() {
            Some(b'[' | b'{') => Format::JCal,
            Some(b'<') => Format::Xml,
            _ => Format::ICalendar,
        }
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
