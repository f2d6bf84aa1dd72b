//! A calendar with its recurrences written out, or its overrides limited, for
//! the CalDAV reports that ask for that (RFC 4791 9.6.5 and 9.6.6).

use std::collections::HashMap;

use chrono::NaiveDateTime;

use super::plan::Clock;
use super::series::Series;
use super::{Expansion, Occurrence};
use crate::text::fold::fold_into;
use crate::tree::Tree;
use crate::{Calendar, Component, ComponentKind, Error, Moment, Property, PropertyKind, Window};

/// Bytes that a calendar may have with its recurrences written out.
const MOST_BYTES: usize = 16 << 20;

impl<'a> Expansion<'a> {
    /// The calendar with each occurrence in the window as a component of its
    /// own, and no recurrence and no VTIMEZONE left: `CALDAV:expand`.
    ///
    /// Times in a zone become UTC; dates stay dates and floating times stay
    /// floating. What recurs has a RECURRENCE-ID. Other lines are kept as they
    /// are, as are components that do not recur by nature, such as VFREEBUSY.
    ///
    /// ```
    /// use cal_core::{Calendar, Expansion, Window};
    /// use chrono::{TimeZone, Utc};
    ///
    /// let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\n\
    ///     BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n\
    ///     DTSTART;TZID=Europe/Berlin:20260301T090000\r\nDURATION:PT1H\r\n\
    ///     RRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    /// let calendar: Calendar = text.parse()?;
    /// let day = |day| Utc.with_ymd_and_hms(2026, 7, day, 0, 0, 0).unwrap();
    /// let expanded = Expansion::of(&calendar).expanded(&Window::new(day(1), day(2)))?;
    /// assert!(expanded.to_string().contains("DTSTART:20260701T070000Z\r\nRECURRENCE-ID:20260701T070000Z\r\n"));
    /// # Ok::<(), cal_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a recurrence cannot be worked out, or has more occurrences in the
    /// window than the limit, or if the whole takes more than 16 MiB.
    pub fn expanded(&self, window: &Window) -> Result<Calendar, Error> {
        let mut out = Vec::new();
        let mut templates: HashMap<u32, Template<'a>> = HashMap::new();
        let mut end = None;
        for root in self.calendar.roots() {
            let is_calendar = root.kind() == ComponentKind::Calendar;
            if is_calendar && end.is_none() {
                print_line(&root, b"BEGIN:VCALENDAR", &mut out);
                root.properties()
                    .for_each(|property| print_property(&property, &mut out));
                end = Some(root);
            }
        }
        for occurrence in self.occurrences(window) {
            let occurrence = occurrence?;
            let component = occurrence.component();
            let template = templates
                .entry(component.index)
                .or_insert_with(|| Template::of(component, self.clock()));
            template.print(&occurrence, self.clock(), &mut out);
            if out.len() > MOST_BYTES {
                return Err(Error::ExpandedLimit { limit: MOST_BYTES });
            }
        }
        for component in self.calendar.components() {
            if !is_replaced(component.kind()) {
                component.print_into(&mut out);
            }
        }
        if let Some(root) = end {
            print_line(&root, b"END:VCALENDAR", &mut out);
        }
        Ok(Calendar::read(out).calendar)
    }

    /// The calendar without the overrides that do not matter in the window:
    /// `CALDAV:limit-recurrence-set`. An override stays if it is on in the
    /// window or if the instance that it replaces would be. If one changes
    /// later instances too and does not begin after the window, all stay.
    #[must_use]
    pub fn with_limited_overrides(&self, window: &Window) -> Calendar {
        let tree = &self.calendar.tree;
        let mut dropped: Vec<(usize, usize)> = Vec::new();
        for object in self.calendar.objects() {
            let series = Series::read(&object, self.clock());
            dropped.extend(series.idle(window).into_iter().map(|component| {
                let node = tree.node(component.index);
                (node.begin as usize, node.after() as usize)
            }));
        }
        dropped.sort_unstable();
        let mut out = Vec::new();
        let mut from = 0;
        for (begin, after) in dropped {
            tree.print_lines(from, begin, &mut out);
            from = after;
        }
        tree.print_lines(from, tree.lines.len(), &mut out);
        Calendar::read(out).calendar
    }
}

/// Whether occurrences (or nothing) stand in for such a component.
fn is_replaced(kind: ComponentKind) -> bool {
    matches!(
        kind,
        ComponentKind::Event
            | ComponentKind::Todo
            | ComponentKind::Journal
            | ComponentKind::TimeZone
    )
}

/// A component cut into what is the same in each of its occurrences and what differs.
struct Template<'a> {
    component: Component<'a>,
    pieces: Vec<Piece>,
    /// Lines after the last piece.
    lines: Vec<u8>,
}

enum Piece {
    /// Lines as they are.
    Lines(Vec<u8>),
    /// DTSTART, and RECURRENCE-ID after it.
    Start,
    /// DTEND or DUE.
    End(&'static str),
    /// The same for an instance that only a period makes longer than nothing.
    PeriodEnd(&'static str),
    /// The RECURRENCE-ID of what has no DTSTART.
    Instance,
}

impl<'a> Template<'a> {
    fn of(component: Component<'a>, clock: Clock<'_>) -> Self {
        let mut template = Self {
            component,
            pieces: Vec::new(),
            lines: Vec::new(),
        };
        let begin = format!("BEGIN:{}", component.name());
        print_line(&component, begin.as_bytes(), &mut template.lines);
        let end_name = match component.kind() {
            ComponentKind::Todo => "DUE",
            _ => "DTEND",
        };
        let has = |kind| component.first(kind).is_some();
        let has_start = has(PropertyKind::DtStart);
        let has_periods = component
            .all(PropertyKind::RDate)
            .any(|property| property.raw_value().contains('/'));
        let has_end = [
            PropertyKind::DtEnd,
            PropertyKind::Due,
            PropertyKind::Duration,
        ]
        .into_iter()
        .any(has);
        for property in component.properties() {
            match property.kind() {
                PropertyKind::RRule
                | PropertyKind::RDate
                | PropertyKind::ExDate
                | PropertyKind::ExRule
                | PropertyKind::RecurrenceId => {}
                PropertyKind::DtStart => {
                    template.push(Piece::Start);
                    if has_periods && !has_end {
                        template.push(Piece::PeriodEnd(end_name));
                    }
                }
                PropertyKind::Due if !has_start => {
                    template.push(Piece::End(end_name));
                    template.push(Piece::Instance);
                }
                PropertyKind::DtEnd | PropertyKind::Due => {
                    template.push(Piece::End(end_name));
                }
                PropertyKind::Duration if has_periods || is_nominal(&property) => {
                    template.push(Piece::End(end_name));
                }
                _ => print_in_utc(&property, clock, &mut template.lines),
            }
        }
        for inner in component.components() {
            inner.print_into(&mut template.lines);
        }
        let end = format!("END:{}", component.name());
        print_line(&component, end.as_bytes(), &mut template.lines);
        template
    }

    /// Adds a piece after the lines so far.
    fn push(&mut self, piece: Piece) {
        let lines = std::mem::take(&mut self.lines);
        self.pieces.extend([Piece::Lines(lines), piece]);
    }

    fn print(&self, occurrence: &Occurrence<'_>, clock: Clock<'_>, out: &mut Vec<u8>) {
        let instance = |out: &mut Vec<u8>| {
            if let Some(id) = occurrence.recurrence_id() {
                let utc = clock.instant(&id);
                self.print_moment("RECURRENCE-ID", (&id, utc), out);
            }
        };
        for piece in &self.pieces {
            match piece {
                Piece::Lines(lines) => out.extend_from_slice(lines),
                Piece::Start => {
                    let start = (&occurrence.start(), occurrence.placed.start);
                    self.print_moment("DTSTART", start, out);
                    instance(out);
                }
                Piece::End(name) => {
                    let end = (&occurrence.end(), occurrence.placed.end);
                    self.print_moment(name, end, out);
                }
                Piece::PeriodEnd(name) if occurrence.placed.start < occurrence.placed.end => {
                    let end = (&occurrence.end(), occurrence.placed.end);
                    self.print_moment(name, end, out);
                }
                Piece::PeriodEnd(_) => {}
                Piece::Instance => instance(out),
            }
        }
        out.extend_from_slice(&self.lines);
    }

    fn print_moment(&self, name: &str, (moment, utc): (&Moment, NaiveDateTime), out: &mut Vec<u8>) {
        let line = match moment {
            Moment::Date(_) => format!("{name};VALUE=DATE:{}", moment.to_value()),
            Moment::Floating(_) => format!("{name}:{}", moment.to_value()),
            Moment::Utc(_) | Moment::Zoned { .. } => {
                format!("{name}:{}", Moment::Utc(utc).to_value())
            }
        };
        print_line(&self.component, line.as_bytes(), out);
    }
}

/// Whether a DURATION has days on a timed component: in UTC its length may differ.
fn is_nominal(duration: &Property<'_>) -> bool {
    duration.duration().is_ok_and(|length| length.days() != 0)
}

/// A property as it is, or in UTC if it names a zone that goes away.
fn print_in_utc(property: &Property<'_>, clock: Clock<'_>, out: &mut Vec<u8>) {
    let zoned = property
        .parameter("TZID")
        .and_then(|_| property.moment().ok());
    match zoned {
        Some(moment @ Moment::Zoned { .. }) => {
            let utc = Moment::Utc(clock.instant(&moment)).to_value();
            let line = format!("{}:{utc}", property.name());
            fold_into(out, line.as_bytes(), property.tree.eol.as_bytes());
        }
        _ => print_property(property, out),
    }
}

fn print_property(property: &Property<'_>, out: &mut Vec<u8>) {
    let index = property.index as usize;
    property.tree.print_lines(index, index + 1, out);
}

fn print_line(near: &Component<'_>, line: &[u8], out: &mut Vec<u8>) {
    let tree: &Tree = near.tree;
    fold_into(out, line, tree.eol.as_bytes());
}
