//! Whether a value has the form that its type asks for (RFC 5545 3.3, 3.8).

use crate::value::{duration, lexical};
use crate::vocabulary::Arity;
use crate::{Period, PropertyKind, Rule, UtcOffset, ValueType};

/// The rule that a value breaks, and at which of its bytes. `declared` is the
/// raw value of its `VALUE` parameter.
#[inline]
pub(crate) fn fault(
    kind: PropertyKind,
    declared: Option<&[u8]>,
    value: &[u8],
) -> Option<(Rule, usize)> {
    let default = kind.default_type();
    if declared.is_none() && matches!(default, ValueType::Text | ValueType::Unknown) {
        return special(kind, value);
    }
    typed(kind, declared.map(type_named), value)
}

fn type_named(declared: &[u8]) -> ValueType {
    let unquoted = declared
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    ValueType::of(std::str::from_utf8(unquoted.unwrap_or(declared)).unwrap_or_default())
}

fn typed(kind: PropertyKind, declared: Option<ValueType>, value: &[u8]) -> Option<(Rule, usize)> {
    let value_type = declared.unwrap_or(kind.default_type());
    if let Some(rule) = not_allowed(kind, value_type) {
        return Some((rule, 0));
    }
    match kind.arity() {
        Arity::List if value_type != ValueType::Text => each(value, |part| one(value_type, part)),
        Arity::Parts => special(kind, value),
        Arity::One if value_type == ValueType::Recur => recur(value),
        Arity::One if kind == PropertyKind::Trigger && declared.is_none() => trigger(value),
        Arity::One | Arity::List => one(value_type, value)
            .map(|rule| (rule, 0))
            .or_else(|| special(kind, value)),
    }
}

/// Checks the parts of a list; the fault is at the first bad part.
fn each(value: &[u8], check: impl Fn(&[u8]) -> Option<Rule>) -> Option<(Rule, usize)> {
    let mut at = 0;
    value.split(|&byte| byte == b',').find_map(|part| {
        let here = at;
        at += part.len() + 1;
        check(part).map(|rule| (rule, here))
    })
}

fn one(value_type: ValueType, value: &[u8]) -> Option<Rule> {
    let text = || std::str::from_utf8(value).unwrap_or_default();
    let (good, rule) = match value_type {
        ValueType::DateTime if lexical::date(value).is_some() => (false, Rule::DateWithoutValue),
        ValueType::DateTime => (is_date_time(value), Rule::BadDateTime),
        ValueType::Date => (lexical::date(value).is_some(), Rule::BadDate),
        ValueType::Time => (is_time(value), Rule::BadTime),
        ValueType::Duration => (duration::is_exact(value), Rule::BadDuration),
        ValueType::Period => (Period::parse(text(), None).is_ok(), Rule::BadPeriod),
        ValueType::Integer => (lexical::integer(text()).is_some(), Rule::BadInteger),
        ValueType::Float => (lexical::float(text()).is_some(), Rule::BadFloat),
        ValueType::Boolean => (lexical::boolean(text()).is_some(), Rule::BadBoolean),
        ValueType::UtcOffset => (text().parse::<UtcOffset>().is_ok(), Rule::BadUtcOffset),
        ValueType::Uri | ValueType::CalAddress => (has_scheme(value), Rule::BadUri),
        ValueType::Binary => (is_base64(value), Rule::BadBinary),
        ValueType::Text | ValueType::Recur | ValueType::Unknown => (true, Rule::BadDateTime),
    };
    (!good).then_some(rule)
}

fn recur(value: &[u8]) -> Option<(Rule, usize)> {
    let text = String::from_utf8_lossy(value);
    let problem = cal_rrule::RRule::parse_lenient(&text)
        .problems
        .into_iter()
        .next()?;
    Some((Rule::BadRecur, problem.offset().unwrap_or(0)))
}

/// Many calendars (and an example of RFC 5545) leave out VALUE=DATE-TIME here.
fn trigger(value: &[u8]) -> Option<(Rule, usize)> {
    let rule = if is_date_time(value) {
        Some(Rule::TriggerWithoutValue)
    } else {
        one(ValueType::Duration, value)
    };
    rule.map(|rule| (rule, 0))
}

fn is_date_time(value: &[u8]) -> bool {
    lexical::date_time(value.strip_suffix(b"Z").unwrap_or(value)).is_some()
}

fn is_time(value: &[u8]) -> bool {
    lexical::time(value.strip_suffix(b"Z").unwrap_or(value)).is_some()
}

/// A URI begins with a scheme (RFC 3986 3.1).
fn has_scheme(value: &[u8]) -> bool {
    let scheme = value
        .iter()
        .position(|&byte| byte == b':')
        .and_then(|end| value.get(..end));
    scheme.is_some_and(|scheme| {
        scheme.first().is_some_and(u8::is_ascii_alphabetic)
            && scheme
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

fn is_base64(value: &[u8]) -> bool {
    let body = value.strip_suffix(b"=").unwrap_or(value);
    let body = body.strip_suffix(b"=").unwrap_or(body);
    value.len().is_multiple_of(4)
        && body
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

/// What single properties ask of their values beyond the type.
fn special(kind: PropertyKind, value: &[u8]) -> Option<(Rule, usize)> {
    let rule = match kind {
        PropertyKind::Version if value != b"2.0" => Rule::BadVersion,
        PropertyKind::Uid if value.is_empty() => Rule::EmptyUid,
        PropertyKind::Geo if !is_geo(value) => Rule::BadGeo,
        PropertyKind::RequestStatus if !is_request_status(value) => Rule::BadRequestStatus,
        PropertyKind::PercentComplete if !within(value, 100) => Rule::BadPercent,
        PropertyKind::Priority if !within(value, 9) => Rule::BadPriority,
        PropertyKind::DtStamp
        | PropertyKind::Created
        | PropertyKind::LastModified
        | PropertyKind::Completed
        | PropertyKind::Acknowledged
            if !value.ends_with(b"Z") =>
        {
            Rule::NotUtc
        }
        _ => return None,
    };
    Some((rule, 0))
}

fn within(value: &[u8], most: i32) -> bool {
    let number = std::str::from_utf8(value).ok().and_then(lexical::integer);
    number.is_some_and(|number| (0..=most).contains(&number))
}

/// `latitude;longitude`.
fn is_geo(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(|text| lexical::geo(text).is_some())
}

/// `1.2[.3];text[;data]`.
fn is_request_status(value: &[u8]) -> bool {
    let code = value.split(|&byte| byte == b';').next().unwrap_or_default();
    let mut levels = 0;
    let numbers = code.split(|&byte| byte == b'.').all(|level| {
        levels += 1;
        !level.is_empty() && level.iter().all(u8::is_ascii_digit)
    });
    numbers && (2..=3).contains(&levels) && code.len() < value.len()
}

/// Types that a property of the specification does not take.
fn not_allowed(kind: PropertyKind, value_type: ValueType) -> Option<Rule> {
    use ValueType::{Binary, Date, DateTime, Duration, Period, Text, Uri};
    let default = kind.default_type();
    if value_type == default || matches!(default, ValueType::Unknown) {
        return None;
    }
    let allowed = match kind {
        PropertyKind::DtStart
        | PropertyKind::DtEnd
        | PropertyKind::Due
        | PropertyKind::RecurrenceId
        | PropertyKind::ExDate => value_type == Date,
        PropertyKind::RDate => matches!(value_type, Date | Period),
        PropertyKind::Trigger => value_type == DateTime,
        PropertyKind::Attach | PropertyKind::Image | PropertyKind::StructuredData => {
            matches!(value_type, Binary | Text | Uri)
        }
        PropertyKind::DtStamp
        | PropertyKind::Created
        | PropertyKind::LastModified
        | PropertyKind::Completed
        | PropertyKind::Duration
        | PropertyKind::RefreshInterval => !matches!(value_type, Date | Duration | DateTime),
        _ => true,
    };
    (!allowed).then_some(Rule::TypeNotAllowed)
}
