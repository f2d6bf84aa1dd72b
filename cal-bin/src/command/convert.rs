//! `cal convert`: from one format to another.

use std::str::FromStr;

use super::Outcome;
use super::calendar_input::CalendarInput;
use crate::console::Console;
use crate::error::Error;
use crate::input::Input;

/// Convert a calendar to another format.
///
/// The format of the input is detected: iCalendar (RFC 5545) or jCal (RFC 7265). An iCalendar text
/// converted to ics comes out byte for byte as it went in, whatever is wrong with it. Nothing is
/// added in any format: what has no VCALENDAR around it has none afterwards.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Format to convert to: ics or jcal
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
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Format, String> {
        match name {
            "ics" => Ok(Format::Ics),
            "jcal" => Ok(Format::JCal),
            "xcal" | "jscal" => Err(format!(
                "this version of cal does not convert {name}; it has ics and jcal"
            )),
            _ => Err("the formats are ics and jcal".to_owned()),
        }
    }
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let input = CalendarInput::read(&arguments.file, console)?;
    match arguments.to {
        Format::Ics => console.bytes(&input.calendar.to_bytes())?,
        Format::JCal => console.line(input.calendar.to_jcal())?,
    }
    Ok(Outcome::Done)
}
