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
    let number = eight_digits(text.try_into().ok()?)?;
    NaiveDate::from_ymd_opt(
        i32::try_from(number / 10_000).ok()?,
        number / 100 % 100,
        number % 100,
    )
}

/// `HHMMSS`; the leap second 60 is read as 59.
pub(crate) fn time(text: &[u8]) -> Option<NaiveTime> {
    let &[h, i, m, n, s, t] = text else {
        return None;
    };
    let number = eight_digits([b'0', b'0', h, i, m, n, s, t])?;
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

/// Eight digits as a number, all at a time: dates are what is read most. The
/// bytes of one word are joined to pairs, these to fours, and these to eight.
fn eight_digits(text: [u8; 8]) -> Option<u32> {
    let word = u64::from_be_bytes(text);
    let high = word & 0xF0F0_F0F0_F0F0_F0F0;
    let above_nine = word.wrapping_add(0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0;
    if high != 0x3030_3030_3030_3030 || above_nine != high {
        return None;
    }
    let ones = word & 0x0F0F_0F0F_0F0F_0F0F;
    let pairs = ((ones >> 8) * 10 + ones) & 0x00FF_00FF_00FF_00FF;
    let fours = ((pairs >> 16) * 100 + pairs) & 0x0000_FFFF_0000_FFFF;
    let eight = (fours >> 32) * 10_000 + (fours & 0xFFFF);
    u32::try_from(eight).ok()
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
