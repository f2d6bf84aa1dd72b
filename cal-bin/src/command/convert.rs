//! `cal convert`: from one format to another.

use std::str::FromStr;

use cal_core::NotCarried;

use super::Outcome;
use super::calendar_input::{CalendarInput, Message};
use crate::console::Console;
use crate::error::Error;
use crate::input::Input;

/// Convert a calendar to another format.
///
/// The format of the input is detected: iCalendar (RFC 5545), jCal (RFC 7265), xCal (RFC 6321) or
/// JSCalendar (RFC 8984). An iCalendar text converted to ics comes out byte for byte as it went in,
/// whatever is wrong with it. Nothing is added to iCalendar and jCal: what has no VCALENDAR around
/// it has none afterwards. What the other format cannot hold is named on standard error.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Format to convert to: ics, jcal, xcal or jscal
    #[arg(long, value_name = "FORMAT")]
    to: Format,
    /// Calendar to convert; - is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    file: Input,
}

/// What a calendar can be converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Ics,
    JCal,
    XCal,
    JsCalendar,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Format, String> {
        match name {
            "ics" => Ok(Format::Ics),
            "jcal" => Ok(Format::JCal),
            "xcal" => Ok(Format::XCal),
            "jscal" => Ok(Format::JsCalendar),
            _ => Err("the formats are ics, jcal, xcal and jscal".to_owned()),
        }
    }
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let input = CalendarInput::read(&arguments.file, console)?;
    match arguments.to {
        Format::Ics => console.bytes(&input.calendar.to_bytes())?,
        Format::JCal => console.line(input.calendar.to_jcal())?,
        Format::XCal => {
            let converted = input.calendar.to_xcal();
            note(&input, &converted.not_carried, console);
            console.bytes(converted.value.as_bytes())?;
        }
        Format::JsCalendar => {
            let converted = input.calendar.to_jscal();
            note(&input, &converted.not_carried, console);
            console.line(converted.value)?;
        }
    }
    Ok(Outcome::Done)
}

/// Names what a conversion could not carry over.
fn note(input: &CalendarInput, losses: &[NotCarried], console: &mut Console) {
    for lost in losses {
        console.note(Message::warning(&input.name, None, lost.to_string()));
    }
}
