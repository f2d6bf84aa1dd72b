//! Reading a rule from text, strictly or leniently (RFC 5545 3.3.10).
//!
//! There is one reader. It reads what it can and notes each thing that is
//! wrong; a strict reading is one that noted nothing.

use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::draft::{Draft, in_range};
use crate::{
    Error, Frequency, Month, Part, Problem, ProblemKind, RRule, Rscale, Skip, WeekdayNum, When,
    weekday,
};

/// The longest text that is read as a rule, in bytes. The longest list that
/// says anything new (every BYYEARDAY and BYSETPOS) is far below it.
const MAX_LENGTH: usize = 65_536;

/// What a lenient reading found: the rule, if there is one, and all that is
/// wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The rule, evaluated as each [`ProblemKind`] says; `None` without a
    /// frequency.
    pub rule: Option<RRule>,
    /// What is wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

impl FromStr for RRule {
    type Err = Error;

    /// Reads a rule strictly. Names and values may be in any case, as the RFC
    /// has it, and one semicolon may end the text.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] with the first thing that the RFC forbids.
    fn from_str(text: &str) -> Result<Self, Error> {
        let reading = Self::parse_lenient(text);
        match (reading.rule, reading.problems.into_iter().next()) {
            (Some(rule), None) => Ok(rule),
            (_, Some(problem)) => Err(Error::Invalid(problem)),
            (None, None) => Err(Problem::new(ProblemKind::NoFrequency, None).into()),
        }
    }
}

impl RRule {
    /// Reads what can be read and lists what is wrong; it cannot fail.
    ///
    /// ```
    /// use cal_rrule::RRule;
    ///
    /// let reading = RRule::parse_lenient("FREQ=WEEKLY;BYDAY=1MO;X-NOTE=hello");
    /// assert_eq!(reading.rule.unwrap().to_string(), "FREQ=WEEKLY;BYDAY=MO");
    /// assert_eq!(reading.problems.len(), 2);
    /// ```
    #[must_use]
    pub fn parse_lenient(text: &str) -> Reading {
        let mut reader = Reader::default();
        if text.len() > MAX_LENGTH {
            reader.note(ProblemKind::TooLong, (0, text));
            return reader.finish();
        }
        reader.split(text);
        reader.read();
        reader.finish()
    }
}

/// A part as it stands in the text.
#[derive(Clone, Copy)]
struct Written<'a> {
    part: Part,
    offset: usize,
    value: &'a str,
}

#[derive(Default)]
struct Reader<'a> {
    parts: Vec<Written<'a>>,
    draft: Draft,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn note(&mut self, kind: ProblemKind, place: (usize, &str)) {
        self.problems.push(Problem::new(kind, Some(place)));
    }

    /// Splits the text at its semicolons into known parts.
    fn split(&mut self, text: &'a str) {
        let body = text.strip_suffix(';').unwrap_or(text);
        let mut offset = 0;
        for piece in body.split(';') {
            match piece.split_once('=') {
                None => self.note(ProblemKind::NotAPart, (offset, piece)),
                Some((name, value)) => self.recognise(offset, piece, (name.trim(), value)),
            }
            offset += piece.len() + 1;
        }
    }

    fn recognise(&mut self, offset: usize, piece: &'a str, (name, value): (&str, &'a str)) {
        let Some(part) = Part::from_name(name) else {
            return self.note(ProblemKind::UnknownPart, (offset, piece));
        };
        if self.parts.iter().any(|written| written.part == part) {
            return self.note(ProblemKind::Repeated(part), (offset, piece));
        }
        let offset = offset + piece.len() - value.len();
        self.parts.push(Written {
            part,
            offset,
            value,
        });
    }

    fn read(&mut self) {
        let parts = std::mem::take(&mut self.parts);
        // The calendar decides which months and days exist.
        let mut ordered: Vec<_> = parts.iter().collect();
        ordered.sort_by_key(|written| written.part != Part::Rscale);
        for written in ordered {
            self.read_part(*written);
        }
        self.parts = parts;
    }

    fn finish(mut self) -> Reading {
        let parts = self.parts;
        let place = |part| {
            parts
                .iter()
                .find(|written| written.part == part)
                .map(|written| (written.offset, written.value))
        };
        let too_long = |problem: &Problem| problem.kind() == ProblemKind::TooLong;
        let rule = if self.problems.iter().any(too_long) {
            None
        } else {
            self.draft.settle(&place, &mut self.problems)
        };
        let mut problems = self.problems;
        problems.sort_by_key(Problem::offset);
        Reading { rule, problems }
    }

    fn read_part(&mut self, written: Written<'a>) {
        let Written { part, value, .. } = written;
        match part {
            Part::Freq => {
                self.draft.frequency = Frequency::from_name(value.trim());
                if self.draft.frequency.is_none() {
                    self.note(ProblemKind::UnknownFrequency, (written.offset, value));
                }
            }
            Part::Until => self.draft.until = self.read_until(written),
            Part::Count => self.draft.count = self.read_amount(written, u64::MAX),
            Part::Interval => {
                let interval = self.read_amount(written, u64::from(u32::MAX));
                self.draft.interval = interval.and_then(|value| u32::try_from(value).ok());
            }
            Part::Wkst => self.draft.week_start = self.one(written, weekday::from_code),
            Part::Skip => self.draft.skip = self.one(written, Skip::from_name),
            Part::Rscale => self.draft.rscale = self.one(written, read_rscale),
            Part::ByDay => self.draft.by_day = self.list(written, read_weekday),
            Part::ByMonth => self.draft.by_month = self.list(written, read_month),
            Part::BySecond => self.draft.by_second = self.list(written, read_number),
            Part::ByMinute => self.draft.by_minute = self.list(written, read_number),
            Part::ByHour => self.draft.by_hour = self.list(written, read_number),
            Part::ByMonthDay => self.draft.by_month_day = self.list(written, read_number),
            Part::ByYearDay => self.draft.by_year_day = self.list(written, read_number),
            Part::ByWeekNo => self.draft.by_week_no = self.list(written, read_number),
            Part::BySetPos => self.draft.by_set_pos = self.list(written, read_number),
        }
    }

    fn one<T>(&mut self, written: Written<'a>, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = read(written.value.trim());
        if value.is_none() || written.value.trim() != written.value {
            self.note(
                ProblemKind::Syntax(written.part),
                (written.offset, written.value),
            );
        }
        value
    }

    /// COUNT or INTERVAL: a number from 1.
    fn read_amount(&mut self, written: Written<'a>, limit: u64) -> Option<u64> {
        let text = written.value.trim();
        let place = (written.offset, written.value);
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || text.len() != written.value.len() {
            self.note(ProblemKind::Syntax(written.part), place);
        }
        if !digits {
            return None;
        }
        let amount = text
            .parse()
            .ok()
            .filter(|amount| (1..=limit).contains(amount));
        if amount.is_none() {
            self.note(ProblemKind::OutOfRange(written.part), place);
        }
        amount
    }

    /// A comma-separated list; values that cannot be read are left out.
    fn list<T>(
        &mut self,
        written: Written<'a>,
        read: impl Fn(&str, Part, bool) -> Result<T, ProblemKind>,
    ) -> Vec<T> {
        let gregorian = self
            .draft
            .rscale
            .as_ref()
            .is_none_or(Rscale::has_gregorian_months);
        let mut values = Vec::new();
        let mut offset = written.offset;
        for piece in written.value.split(',') {
            let item = piece.trim();
            match read(item, written.part, gregorian) {
                Ok(value) => {
                    values.push(value);
                    if item.len() != piece.len() {
                        self.note(ProblemKind::Syntax(written.part), (offset, piece));
                    }
                }
                Err(kind) => self.note(kind, (offset, piece)),
            }
            offset += piece.len() + 1;
        }
        values
    }

    fn read_until(&mut self, written: Written<'a>) -> Option<When> {
        let strict = read_until(written.value);
        if strict.is_none() {
            let place = (written.offset, written.value);
            self.note(ProblemKind::Syntax(Part::Until), place);
        }
        // ISO 8601 with separators is common in hand-written rules.
        strict.or_else(|| {
            let plain = |character: &char| !matches!(character, '-' | ':' | ' ');
            read_until(&written.value.chars().filter(plain).collect::<String>())
        })
    }
}

fn read_rscale(text: &str) -> Option<Rscale> {
    let named = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    named.then(|| Rscale::new(text))
}

/// A number of at most three digits with an optional sign.
fn read_signed(text: &str, part: Part) -> Result<i32, ProblemKind> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ProblemKind::Syntax(part));
    }
    text.parse().map_err(|_| ProblemKind::OutOfRange(part))
}

fn read_number<T: TryFrom<i32>>(text: &str, part: Part, gregorian: bool) -> Result<T, ProblemKind> {
    let unsigned = matches!(part, Part::BySecond | Part::ByMinute | Part::ByHour);
    if unsigned && text.starts_with(['+', '-']) {
        return Err(ProblemKind::Syntax(part));
    }
    let number = read_signed(text, part)?;
    if !in_range(part, number, gregorian) {
        return Err(ProblemKind::OutOfRange(part));
    }
    T::try_from(number).map_err(|_| ProblemKind::OutOfRange(part))
}

fn read_month(text: &str, part: Part, gregorian: bool) -> Result<Month, ProblemKind> {
    let leap = text.strip_suffix(['L', 'l']);
    let digits = leap.unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ProblemKind::Syntax(part));
    }
    let number = read_number(digits, part, gregorian)?;
    match leap {
        Some(_) if gregorian => Err(ProblemKind::LeapMonth),
        Some(_) => Ok(Month::leap(number)),
        None => Ok(Month::new(number)),
    }
}

fn read_weekday(text: &str, part: Part, gregorian: bool) -> Result<WeekdayNum, ProblemKind> {
    let syntax = ProblemKind::Syntax(part);
    let split = text.len().checked_sub(2).ok_or(syntax)?;
    let (number, letters) = text.split_at_checked(split).ok_or(syntax)?;
    let weekday = weekday::from_code(letters).ok_or(syntax)?;
    if number.is_empty() {
        return Ok(WeekdayNum::every(weekday));
    }
    let ordinal = read_number(number, part, gregorian)?;
    Ok(WeekdayNum::nth(ordinal, weekday))
}

/// A DATE or DATE-TIME in basic form.
fn read_until(text: &str) -> Option<When> {
    let date = |text: &str| {
        (text.len() == 8).then_some(())?;
        let year = number(text.get(..4)?)?;
        let month = number(text.get(4..6)?)?;
        let day = number(text.get(6..)?)?;
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    };
    let time = |text: &str| {
        (text.len() == 6).then_some(())?;
        // Second 60 is read as 59 (RFC 5545 3.3.12).
        let second = number(text.get(4..)?)?;
        let second = if second == 60 { 59 } else { second };
        NaiveTime::from_hms_opt(number(text.get(..2)?)?, number(text.get(2..4)?)?, second)
    };
    let Some((day, rest)) = text.split_once(['T', 't']) else {
        return date(text).map(When::Date);
    };
    let clock = rest.strip_suffix(['Z', 'z']);
    let moment = NaiveDateTime::new(date(day)?, time(clock.unwrap_or(rest))?);
    Some(if clock.is_some() {
        When::Utc(moment)
    } else {
        When::Local(moment)
    })
}

fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
