//! Calendars as commands read them: leniently, with a warning for each fault.

use std::collections::HashSet;
use std::fmt;

use cal_core::{
    Calendar, Component, ComponentKind, ExpansionWarning, Fault, NotCarried, Oddity, Position,
    Reader, Reading, Rule,
};

use super::Outcome;
use super::format::Format;
use crate::console::Console;
use crate::error::Error;
use crate::input::Input;

/// A calendar and the name it was read under.
#[derive(Debug)]
pub(super) struct CalendarInput {
    /// As the user named it, `-` for standard input.
    pub(super) name: String,
    pub(super) calendar: Calendar,
    /// What the lenient reader found, in the order of the text.
    faults: Vec<Fault>,
    /// Where it found something.
    told: HashSet<Position>,
    /// What it found, each rule once.
    rules: Vec<Rule>,
    /// What of another format iCalendar cannot hold.
    not_carried: Vec<NotCarried>,
    /// The zones that it defines, whether the definitions make sense or not.
    defined_zones: HashSet<String>,
    incomplete: bool,
    /// Whether lines and columns are those of the file. In other formats they
    /// are not: they are those of the iCalendar text that it stands for.
    placed: bool,
}

impl CalendarInput {
    /// Reads a calendar; what is wrong with it goes to standard error.
    ///
    /// # Errors
    /// Nothing can be read, or no calendar is in it.
    pub(super) fn read(input: &Input, console: &mut Console) -> Result<CalendarInput, Error> {
        CalendarInput::read_bytes(&input.to_string(), input.read()?, console)
    }

    /// The same of what was read before.
    ///
    /// # Errors
    /// No calendar is in it.
    pub(super) fn read_bytes(
        name: &str,
        bytes: Vec<u8>,
        console: &mut Console,
    ) -> Result<CalendarInput, Error> {
        let calendar = match CalendarInput::of(name, bytes) {
            Ok(calendar) => calendar,
            Err(no_calendar) => return Err(Error::Input(format!("{name}{no_calendar}"))),
        };
        for warning in calendar.warnings() {
            console.note(warning);
        }
        Ok(calendar)
    }

    /// Makes sense of a text of any format, with one VCALENDAR, several, or
    /// components outside of any.
    pub(super) fn of(name: &str, bytes: Vec<u8>) -> Result<CalendarInput, NoCalendar> {
        let format = Format::of(&bytes);
        let translated = format.translate(bytes).map_err(NoCalendar::elsewhere)?;
        let empty = translated.text.is_empty();
        let reading = Reader::new().read(translated.text);
        if reading.calendar.roots().next().is_none() {
            return Err(NoCalendar::at_once(if empty {
                "there is nothing in it"
            } else {
                "there is no VCALENDAR and no component in it"
            }));
        }
        let mut rules = Vec::new();
        for fault in &reading.warnings {
            if !rules.contains(&fault.rule()) {
                rules.push(fault.rule());
            }
        }
        Ok(CalendarInput {
            name: name.to_owned(),
            told: reading.warnings.iter().map(Fault::position).collect(),
            rules,
            defined_zones: defined_zones(&reading.calendar),
            incomplete: breaks_off(&reading),
            calendar: reading.calendar,
            faults: reading.warnings,
            not_carried: translated.not_carried,
            placed: format == Format::ICalendar,
        })
    }

    /// Whether there was more: the text breaks off or passes a limit of the
    /// reader.
    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// What of another format iCalendar cannot hold.
    pub(super) fn not_carried(&self) -> &[NotCarried] {
        &self.not_carried
    }

    /// What the lenient reader says of the text, and what was lost before it.
    pub(super) fn warnings(&self) -> impl Iterator<Item = Message<'_>> {
        let warning = |fault| self.message(Level::Warning, Some(fault), fault.message());
        let lost = |lost: &NotCarried| self.message(Level::Warning, None, lost.to_string());
        self.faults
            .iter()
            .map(warning)
            .chain(self.not_carried.iter().map(lost))
    }

    /// Says what kept a component from being worked out, unless the reader said
    /// so. One that is broken at a known place is left out with a warning; a
    /// limit that was reached makes the answer incomplete, which is a failure.
    pub(super) fn complain(&self, error: &cal_core::Error, console: &mut Console) -> Outcome {
        match error {
            cal_core::Error::Fault(fault) => {
                if !self.told.contains(&fault.position()) {
                    console.note(self.message(Level::Warning, Some(fault), fault.message()));
                }
                Outcome::Done
            }
            cal_core::Error::Missing { .. } => {
                if !self.tells(Rule::MissingStart) {
                    console.note(self.message(Level::Warning, None, error.to_string()));
                }
                Outcome::Done
            }
            _ => {
                console.note(self.message(Level::Error, None, error.to_string()));
                Outcome::Failed
            }
        }
    }

    /// Says what was odd about components that were expanded, unless the reader
    /// said so of the same rule.
    pub(super) fn mention(&self, warnings: &[ExpansionWarning], console: &mut Console) {
        let told = self.lines_with(Rule::BadRecur);
        for warning in warnings {
            let of_rule = matches!(warning.oddity, Oddity::InvalidRule(_));
            if of_rule && told.binary_search(&warning.line).is_ok() {
                continue;
            }
            let line = self.placed.then_some(warning.line);
            let text = match &warning.oddity {
                Oddity::UnknownZone(tzid) => self.without_rules(tzid),
                _ => warning.to_string(),
            };
            console.note(Message::warning(&self.name, line, text));
        }
    }

    /// What to say of a zone of which no rules are known.
    pub(super) fn without_rules(&self, tzid: &str) -> String {
        if self.defined_zones.contains(plain(tzid)) {
            format!(
                "time zone {tzid:?} is defined, but has no observance that makes sense, \
                 or more changes of the clock than are worked out"
            )
        } else {
            format!("time zone {tzid:?} is unknown")
        }
    }

    /// The line that a component begins in, where the text has lines.
    pub(super) fn line_of(&self, component: Component<'_>) -> Option<u32> {
        self.placed.then_some(component.line())
    }

    fn message(&self, level: Level, fault: Option<&Fault>, text: String) -> Message<'_> {
        let place = fault.map(|fault| (fault.line(), fault.column()));
        Message {
            file: &self.name,
            place: place.filter(|_| self.placed),
            level,
            text,
        }
    }

    fn tells(&self, rule: Rule) -> bool {
        self.rules.contains(&rule)
    }

    /// The lines, in order, that components begin in of which the reader said
    /// that they break this rule.
    fn lines_with(&self, rule: Rule) -> Vec<u32> {
        if !self.tells(rule) {
            return Vec::new();
        }
        let begins: Vec<u32> = self
            .calendar
            .components()
            .map(|found| found.line())
            .collect();
        let breaking = self.faults.iter().filter(|fault| fault.rule() == rule);
        breaking
            .filter_map(|fault| {
                let begun = begins.partition_point(|line| *line <= fault.line());
                begins.get(begun.checked_sub(1)?).copied()
            })
            .collect()
    }
}

/// A text is of another format, or there is no component in it: nobody asks a
/// shopping list for its events on purpose.
#[derive(Debug)]
pub(super) struct NoCalendar {
    /// `1:1` where it shows at the first character; jCal says where else.
    place: &'static str,
    pub(super) reason: String,
}

impl NoCalendar {
    fn at_once(reason: &str) -> NoCalendar {
        NoCalendar {
            place: ":1:1",
            reason: reason.to_owned(),
        }
    }

    fn elsewhere(reason: String) -> NoCalendar {
        NoCalendar { place: "", reason }
    }
}

/// What follows the name of the file.
impl fmt::Display for NoCalendar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.reason)
    }
}

fn defined_zones(calendar: &Calendar) -> HashSet<String> {
    let names = calendar.time_zones().filter_map(|zone| {
        let name = zone.tzid()?;
        Some(plain(&name).to_owned())
    });
    names.collect()
}

/// The name of a zone without the quotes that some programs put in one place
/// and not in the other.
fn plain(tzid: &str) -> &str {
    tzid.trim().trim_matches('"')
}

/// Whether the text ends too early. That there is no VCALENDAR around its
/// components is no sign of it.
fn breaks_off(reading: &Reading) -> bool {
    let mut roots = reading.calendar.roots();
    reading.incomplete && roots.any(|root| root.kind() == ComponentKind::Calendar || root.is_cut())
}

/// How bad it is.
#[derive(Clone, Copy, Debug)]
enum Level {
    /// The rest could be read.
    Warning,
    /// The answer is not what was asked for.
    Error,
}

/// One line about a place in a file.
#[derive(Debug)]
pub(super) struct Message<'a> {
    file: &'a str,
    /// Line and column, both from 1.
    place: Option<(u32, u32)>,
    level: Level,
    text: String,
}

impl<'a> Message<'a> {
    /// A failure that concerns a file, or what begins in a line of it.
    pub(super) fn error(file: &'a str, line: Option<u32>, text: String) -> Message<'a> {
        Message {
            file,
            place: line.map(|line| (line, 1)),
            level: Level::Error,
            text,
        }
    }

    /// Something odd about what begins in a line of a file.
    pub(super) fn warning(file: &'a str, line: Option<u32>, text: String) -> Message<'a> {
        Message {
            level: Level::Warning,
            ..Message::error(file, line, text)
        }
    }
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.file)?;
        if let Some((line, column)) = self.place {
            write!(out, ":{line}:{column}")?;
        }
        let level = match self.level {
            Level::Warning => "warning",
            Level::Error => "error",
        };
        write!(out, ": {level}: {}", self.text)
    }
}
