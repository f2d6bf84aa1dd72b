//! A property to be written.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cal_rrule::RRule;

use crate::parameter::is_name;
use crate::text::{caret, escape};
use crate::{Duration, Error, Moment, Period, PropertyKind, fault};

/// A property to be written: name, parameters, value, escaped as the format asks.
///
/// ```
/// use cal_core::{Moment, NewProperty};
///
/// let start = Moment::parse("20260301T090000", Some("Europe/Berlin"))?;
/// let property = NewProperty::new("DTSTART")?.with_moment(&start);
/// assert_eq!(property.to_string(), "DTSTART;TZID=Europe/Berlin:20260301T090000");
/// # Ok::<(), cal_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProperty {
    name: String,
    parameters: Vec<(String, String)>,
    value: String,
}

impl NewProperty {
    /// A property without parameters and with an empty value.
    ///
    /// # Errors
    /// If the name is not made of letters, digits and hyphens.
    pub fn new(name: &str) -> Result<Self, Error> {
        if !is_name(name) || name.len() > usize::from(u16::MAX) {
            return Err(Error::Name {
                name: fault::quoted(name.as_bytes()),
            });
        }
        Ok(Self::named(name))
    }

    /// A property of a known kind. [`PropertyKind::Other`] becomes `X-OTHER`.
    #[must_use]
    pub fn of(kind: PropertyKind) -> Self {
        Self::named(kind.name().unwrap_or("X-OTHER"))
    }

    /// A property with a name that is known to be one.
    pub(crate) fn named(name: &str) -> Self {
        NewProperty {
            name: name.to_owned(),
            parameters: Vec::new(),
            value: String::new(),
        }
    }

    /// A copy of a property that a calendar has.
    #[must_use]
    pub fn from_property(property: &crate::Property<'_>) -> Self {
        let parameters = property.parameters();
        NewProperty {
            name: property.name().to_owned(),
            parameters: parameters
                .map(|parameter| (parameter.name().to_owned(), parameter.raw().into_owned()))
                .collect(),
            value: property.raw_value().into_owned(),
        }
    }

    /// Sets the value to a text, which is escaped.
    #[must_use]
    pub fn with_text(mut self, text: &str) -> Self {
        self.value.clear();
        escape::escape_into(&mut self.value, text);
        self
    }

    /// Sets the value to a list of texts, each of which is escaped.
    #[must_use]
    pub fn with_texts<T: AsRef<str>>(mut self, texts: impl IntoIterator<Item = T>) -> Self {
        self.value.clear();
        for (index, text) in texts.into_iter().enumerate() {
            if index > 0 {
                self.value.push(',');
            }
            escape::escape_into(&mut self.value, text.as_ref());
        }
        self
    }

    /// Sets the value as it is to stand in the text. Line breaks and other
    /// control characters, which would end the line, are left out.
    #[must_use]
    pub fn with_raw_value(mut self, value: &str) -> Self {
        self.value = value
            .chars()
            .filter(|&c| c == '\t' || !c.is_ascii_control())
            .collect();
        self
    }

    /// Sets the value to a date or date-time, with the `VALUE` or `TZID` it needs.
    #[must_use]
    pub fn with_moment(self, moment: &Moment) -> Self {
        let value = moment.to_value();
        self.typed(moment).with_raw_value(&value)
    }

    /// Sets the value to a list of dates or date-times of one type and zone:
    /// those of the first.
    #[must_use]
    pub fn with_moments(self, moments: &[Moment]) -> Self {
        let Some(first) = moments.first() else {
            return self.with_raw_value("");
        };
        let values: Vec<String> = moments.iter().map(Moment::to_value).collect();
        self.typed(first).with_raw_value(&values.join(","))
    }

    fn typed(self, moment: &Moment) -> Self {
        let plain = self.without_parameter("VALUE").without_parameter("TZID");
        match moment {
            Moment::Date(_) => plain.with_parameter("VALUE", "DATE"),
            Moment::Zoned { tzid, .. } => plain.with_parameter("TZID", tzid),
            Moment::Floating(_) | Moment::Utc(_) => plain,
        }
    }

    /// Sets the value to a duration.
    #[must_use]
    pub fn with_duration(self, duration: Duration) -> Self {
        self.with_raw_value(&duration.to_string())
    }

    /// Sets the value to a list of periods.
    #[must_use]
    pub fn with_periods(self, periods: &[Period]) -> Self {
        let values: Vec<String> = periods.iter().map(Period::to_value).collect();
        self.with_raw_value(&values.join(","))
    }

    /// Sets the value to a recurrence rule.
    #[must_use]
    pub fn with_recurrence_rule(self, rule: &RRule) -> Self {
        self.with_raw_value(&rule.to_string())
    }

    /// Sets the value to bytes in base64, with the `VALUE` and `ENCODING` they
    /// need (RFC 5545 3.3.1).
    #[must_use]
    pub fn with_bytes(self, bytes: &[u8]) -> Self {
        self.with_parameter("ENCODING", "BASE64")
            .with_parameter("VALUE", "BINARY")
            .with_raw_value(&STANDARD.encode(bytes))
    }

    /// Sets a parameter to one value, encoded and quoted where it must be. A
    /// name that is none is left out.
    #[must_use]
    pub fn with_parameter(self, name: &str, value: &str) -> Self {
        self.with_parameter_values(name, [value])
    }

    /// Sets a parameter to several values, encoded and quoted where they must
    /// be. A name that is none is left out.
    #[must_use]
    pub fn with_parameter_values<V: AsRef<str>>(
        self,
        name: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        if is_name(name) {
            self.with_carried_parameter(name, values)
        } else {
            self
        }
    }

    /// A property of any name that a content line carries.
    pub(crate) fn carried(name: String) -> Self {
        NewProperty {
            name,
            parameters: Vec::new(),
            value: String::new(),
        }
    }

    /// Sets a parameter of any name that a content line carries.
    pub(crate) fn with_carried_parameter<V: AsRef<str>>(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let mut raw = String::new();
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                raw.push(',');
            }
            caret::encode_into(&mut raw, value.as_ref());
        }
        match self
            .parameters
            .iter_mut()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
        {
            Some((_, old)) => *old = raw,
            None => self.parameters.push((name.to_owned(), raw)),
        }
        self
    }

    /// Takes out a parameter, if it is there.
    #[must_use]
    pub fn without_parameter(mut self, name: &str) -> Self {
        self.parameters
            .retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for NewProperty {
    /// The content line, not folded and without a line break.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        for (name, value) in &self.parameters {
            write!(f, ";{name}={value}")?;
        }
        write!(f, ":{}", self.value)
    }
}
