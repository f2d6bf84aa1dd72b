//! A property: one content line with its name, parameters and value (RFC 5545 3.5).

use std::borrow::Cow;
use std::fmt;

use cal_rrule::RRule;
use memchr::memchr;

use crate::text::escape;
use crate::tree::Tree;
use crate::tree::decode::decode;
use crate::tree::line::Line;
use crate::value::lexical;
use crate::{
    Duration, Error, Fault, Geo, Moment, Parameter, Parameters, Period, Position, PropertyKind,
    RequestStatus, Rule, UtcOffset, ValueType,
};

/// A property of a [`Component`](crate::Component), borrowed and cheap to copy.
///
/// Typed reads parse on demand and are forgiving where the meaning is plain (a
/// date without `VALUE=DATE`, say); [`raw_value`](Property::raw_value) is
/// always there.
#[derive(Clone, Copy)]
pub struct Property<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) index: u32,
}

impl<'a> Property<'a> {
    pub(crate) fn content_line(&self) -> Line {
        self.tree.line(self.index)
    }

    /// Its name, as the text writes it.
    #[must_use]
    pub fn name(&self) -> &'a str {
        let line = self.content_line();
        let name = self.tree.head(line).get(..usize::from(line.name));
        name.and_then(|name| std::str::from_utf8(name).ok())
            .unwrap_or_default()
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> PropertyKind {
        self.content_line().kind
    }

    /// Whether it has this name, in any case of letters.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// Physical line of the input where it begins, from 1; 0 if it was added after reading.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.content_line().number
    }

    /// Where its value begins in the input.
    #[must_use]
    pub fn value_position(&self) -> Position {
        let line = self.content_line();
        self.tree.position(line, line.value as usize)
    }

    /// Its parameters in the order of the text.
    #[must_use]
    pub fn parameters(&self) -> Parameters<'a> {
        Parameters::new(self.raw_parameters())
    }

    /// What stands between its name and the colon.
    pub(crate) fn raw_parameters(&self) -> &'a [u8] {
        let line = self.content_line();
        let head = self.tree.head(line);
        let end = head.len().saturating_sub(1);
        head.get(usize::from(line.name)..end).unwrap_or_default()
    }

    /// The TZID of a property that has no other parameter, if it stands as it is:
    /// that of nearly all times that have one.
    pub(crate) fn only_tzid(&self) -> Option<&'a str> {
        let tzid = self.raw_parameters().strip_prefix(b";TZID=")?;
        let special = |byte: &u8| matches!(byte, b';' | b'"' | b'^' | b',');
        if tzid.is_empty() || tzid.iter().any(special) {
            return None;
        }
        std::str::from_utf8(tzid).ok()
    }

    /// The first value of the parameter with this name, decoded.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Cow<'a, str>> {
        self.parameters()
            .find(|parameter| parameter.is(name))
            .map(|found: Parameter| found.value())
    }

    /// The value as the text has it, unfolded but with its escapes. Bytes that
    /// are not UTF-8 are read as Windows-1252.
    #[must_use]
    pub fn raw_value(&self) -> Cow<'a, str> {
        decode(self.tree.value(self.content_line()))
    }

    /// The bytes of that, as they stand.
    pub(crate) fn raw_bytes(&self) -> Cow<'a, [u8]> {
        self.tree.value(self.content_line())
    }

    /// The type of its value: what the `VALUE` parameter says, else the default of its name.
    #[must_use]
    pub fn value_type(&self) -> ValueType {
        // Most properties have no parameter at all.
        let named = match self.raw_parameters() {
            [] => None,
            _ => self.parameter("VALUE"),
        };
        match named {
            Some(name) => ValueType::of(&name),
            None => self.kind().default_type(),
        }
    }

    /// The value as text: unescaped if the property is of type TEXT (an unknown
    /// one counts as TEXT), else as it stands.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        match self.value_type() {
            ValueType::Text | ValueType::Unknown => escape::unescape(self.raw_value()),
            _ => self.raw_value(),
        }
    }

    /// The values of a list such as CATEGORIES: cut at commas, then unescaped.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let raw = self.raw_value();
        escape::split(&raw, ',')
            .map(|part| escape::unescape(Cow::Borrowed(part)).into_owned())
            .collect()
    }

    /// The one date or date-time.
    ///
    /// # Errors
    /// If the value is neither; of several values the first counts.
    pub fn moment(&self) -> Result<Moment, Error> {
        let raw = self.raw_value();
        let first = memchr(b',', raw.as_bytes()).and_then(|comma| raw.get(..comma));
        self.read_moment(first.unwrap_or(&raw))
    }

    /// All dates and date-times of a list such as EXDATE or RDATE. Of a period its start.
    ///
    /// # Errors
    /// If one of them is neither.
    pub fn date_times(&self) -> Result<Vec<Moment>, Error> {
        let raw = self.raw_value();
        raw.split(',')
            .filter(|part| !part.trim().is_empty())
            .map(|part| self.read_moment(part.split('/').next().unwrap_or_default()))
            .collect()
    }

    fn read_moment(&self, text: &str) -> Result<Moment, Error> {
        // In one pass at most: dates are what is read most.
        let (mut tzid, mut value_type) = (self.only_tzid().map(Cow::Borrowed), None);
        if tzid.is_none() {
            for parameter in self.parameters() {
                if tzid.is_none() && parameter.is("TZID") {
                    tzid = Some(parameter.value());
                } else if value_type.is_none() && parameter.is("VALUE") {
                    value_type = Some(ValueType::of(&parameter.value()));
                }
            }
        }
        let read = Moment::parse_lenient(text, tzid.as_deref());
        let read = match (read, value_type.unwrap_or(self.kind().default_type())) {
            (Some(moment), ValueType::Date) => Some(Moment::Date(moment.date())),
            (read, _) => read,
        };
        read.ok_or_else(|| self.fault(Rule::BadDateTime, text))
    }

    /// The periods of FREEBUSY or of an RDATE with `VALUE=PERIOD`.
    ///
    /// # Errors
    /// If one of them is not a period.
    pub fn periods(&self) -> Result<Vec<Period>, Error> {
        let (raw, tzid) = (self.raw_value(), self.parameter("TZID"));
        raw.split(',')
            .filter(|part| !part.trim().is_empty())
            .map(|part| {
                Period::parse_lenient(part, tzid.as_deref())
                    .ok_or_else(|| self.fault(Rule::BadPeriod, part))
            })
            .collect()
    }

    /// The duration.
    ///
    /// # Errors
    /// If the value is not one.
    pub fn duration(&self) -> Result<Duration, Error> {
        let raw = self.raw_value();
        Duration::parse_lenient(&raw).ok_or_else(|| self.fault(Rule::BadDuration, &raw))
    }

    /// The recurrence rule, strictly.
    ///
    /// # Errors
    /// With the first thing in it that RFC 5545 forbids. For what it means all
    /// the same see [`cal_rrule::RRule::parse_lenient`].
    pub fn recurrence_rule(&self) -> Result<RRule, Error> {
        let raw = self.raw_value();
        raw.trim()
            .parse()
            .map_err(|_| self.fault(Rule::BadRecur, &raw))
    }

    /// The UTC offset.
    ///
    /// # Errors
    /// If the value is not one.
    pub fn utc_offset(&self) -> Result<UtcOffset, Error> {
        let raw = self.raw_value();
        raw.trim()
            .parse()
            .map_err(|_| self.fault(Rule::BadUtcOffset, &raw))
    }

    /// The integer.
    ///
    /// # Errors
    /// If the value is not one, or does not fit.
    pub fn integer(&self) -> Result<i32, Error> {
        let raw = self.raw_value();
        lexical::integer(raw.trim()).ok_or_else(|| self.fault(Rule::BadInteger, &raw))
    }

    /// The boolean.
    ///
    /// # Errors
    /// If the value is neither TRUE nor FALSE.
    pub fn boolean(&self) -> Result<bool, Error> {
        let raw = self.raw_value();
        lexical::boolean(raw.trim()).ok_or_else(|| self.fault(Rule::BadBoolean, &raw))
    }

    /// The number.
    ///
    /// # Errors
    /// If the value is not one.
    pub fn float(&self) -> Result<f64, Error> {
        let raw = self.raw_value();
        lexical::float(raw.trim()).ok_or_else(|| self.fault(Rule::BadFloat, &raw))
    }

    /// The position of a GEO.
    ///
    /// # Errors
    /// If the value is not latitude and longitude.
    pub fn geo(&self) -> Result<Geo, Error> {
        let raw = self.raw_value();
        Geo::parse_lenient(&raw).ok_or_else(|| self.fault(Rule::BadGeo, &raw))
    }

    /// The status of a REQUEST-STATUS.
    ///
    /// # Errors
    /// If the value does not begin with a status code.
    pub fn request_status(&self) -> Result<RequestStatus, Error> {
        let raw = self.raw_value();
        RequestStatus::parse(&raw).ok_or_else(|| self.fault(Rule::BadRequestStatus, &raw))
    }

    /// A fault of this property's value.
    pub(crate) fn fault(&self, rule: Rule, text: &str) -> Error {
        Error::Fault(Fault::new(rule, self.value_position(), text.as_bytes()))
    }
}

impl PartialEq for Property<'_> {
    /// Whether both are the same property of the same calendar value.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.index == other.index
    }
}

impl Eq for Property<'_> {}

impl fmt::Debug for Property<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.line(), self.name(), self.raw_value())
    }
}
