//! The two spellings of dates, times and offsets: `20260301T090000Z` in
//! iCalendar, `2026-03-01T09:00:00Z` in jCal (RFC 7265 3.6).

use serde_json::Number;

use crate::ValueType;
use crate::value::lexical;

/// Whether a content line can carry a property or parameter of this name, and
/// is read as such. More names than RFC 5545 allows: those that calendars in
/// the field have come through.
pub(super) fn is_carried_name(name: &str) -> bool {
    let ends_name = |c: char| c.is_ascii_control() || matches!(c, ':' | ';' | ',' | '=' | '"');
    !name.is_empty() && name.trim() == name && !name.contains(ends_name)
}

/// The jCal spelling; `None` for a text that is no value of the type.
pub(super) fn to_jcal(value_type: ValueType, text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    match value_type {
        ValueType::Date => {
            lexical::date(bytes)?;
            cut(text, &[(4, "-"), (2, "-"), (2, "")])
        }
        ValueType::DateTime => {
            lexical::date_time(bytes.strip_suffix(b"Z").unwrap_or(bytes))?;
            cut(text, &[(4, "-"), (2, "-"), (5, ":"), (2, ":"), (2, "")])
        }
        ValueType::Time => {
            lexical::time(bytes.strip_suffix(b"Z").unwrap_or(bytes))?;
            cut(text, &[(2, ":"), (2, ":"), (2, "")])
        }
        ValueType::UtcOffset => {
            text.parse::<crate::UtcOffset>().ok()?;
            match text.len() {
                5 => cut(text, &[(3, ":"), (2, "")]),
                _ => cut(text, &[(3, ":"), (2, ":"), (2, "")]),
            }
        }
        ValueType::Duration => {
            text.parse::<crate::Duration>().ok()?;
            Some(text.to_owned())
        }
        _ => None,
    }
}

/// The iCalendar spelling; `None` for a text that is not the jCal spelling of the type.
pub(crate) fn from_jcal(value_type: ValueType, text: &str) -> Option<String> {
    let separators: &[char] = match value_type {
        ValueType::Date | ValueType::DateTime => &['-', ':'],
        ValueType::Time | ValueType::UtcOffset => &[':'],
        _ => return None,
    };
    let sign = text
        .get(..1)
        .filter(|_| value_type == ValueType::UtcOffset)
        .unwrap_or_default();
    let plain = text.get(sign.len()..)?.replace(separators, "");
    let candidate = format!("{sign}{plain}");
    (to_jcal(value_type, &candidate)? == text).then_some(candidate)
}

/// The iCalendar spelling of the end of a rule: a date, or a date with a time.
pub(super) fn until_from_jcal(text: &str) -> Option<String> {
    let date = from_jcal(ValueType::Date, text);
    date.or_else(|| from_jcal(ValueType::DateTime, text))
}

/// A number as FLOAT and INTEGER have it (RFC 5545 3.3.7): without exponent.
pub(crate) fn without_exponent(number: &Number) -> String {
    let float = number.as_f64().filter(|_| number.is_f64());
    float.map_or_else(|| number.to_string(), |float| float.to_string())
}

/// Pieces of a text with marks after them; what is left comes last.
fn cut(text: &str, pieces: &[(usize, &str)]) -> Option<String> {
    let mut out = String::with_capacity(text.len() + pieces.len());
    let mut rest = text;
    for (length, mark) in pieces {
        let (piece, tail) = rest.split_at_checked(*length)?;
        out.push_str(piece);
        out.push_str(mark);
        rest = tail;
    }
    out.push_str(rest);
    Some(out)
}
