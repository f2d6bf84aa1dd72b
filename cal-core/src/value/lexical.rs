//! The grammar of values, over ASCII bytes: shared by typed reads and by the checks of a strict reading.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// A run of digits as a number; `None` for anything else or for more than nine.
pub(crate) fn digits(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    text.iter().try_fold(0_u32, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u32::from(byte - b'0'))
    })
}

/// `YYYYMMDD`.
pub(crate) fn date(text: &[u8]) -> Option<NaiveDate> {
    if text.len() != 8 {
        return None;
    }
    let number = digits(text)?;
    NaiveDate::from_ymd_opt(
        i32::try_from(number / 10_000).ok()?,
        number / 100 % 100,
        number % 100,
    )
}

/// `HHMMSS`; the leap second 60 is read as 59.
pub(crate) fn time(text: &[u8]) -> Option<NaiveTime> {
    if text.len() != 6 {
        return None;
    }
    let number = digits(text)?;
    let second = (number % 100).min(if number % 100 == 60 { 59 } else { 99 });
    NaiveTime::from_hms_opt(number / 10_000, number / 100 % 100, second)
}

/// `YYYYMMDDTHHMMSS`, without the Z.
pub(crate) fn date_time(text: &[u8]) -> Option<NaiveDateTime> {
    let (day, rest) = text.split_at_checked(8)?;
    let (&separator, clock) = rest.split_first()?;
    if separator != b'T' {
        return None;
    }
    Some(date(day)?.and_time(time(clock)?))
}

/// `[+/-]digits`, within 32 bits.
pub(crate) fn integer(text: &str) -> Option<i32> {
    let number = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// `TRUE` or `FALSE`, in any case of letters.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("TRUE") {
        Some(true)
    } else if text.eq_ignore_ascii_case("FALSE") {
        Some(false)
    } else {
        None
    }
}

/// `[+/-]digits[.digits]`.
pub(crate) fn float(text: &str) -> Option<f64> {
    let number = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (plain(whole) && plain(fraction))
        .then(|| text.parse().ok())
        .flatten()
}

/// `latitude;longitude` in degrees, within what the globe has.
pub(crate) fn geo(text: &str) -> Option<(f64, f64)> {
    let (latitude, longitude) = text.split_once(';')?;
    let (latitude, longitude) = (float(latitude)?, float(longitude)?);
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some((latitude, longitude))
}
