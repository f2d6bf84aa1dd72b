//! Lengths of time as people write them.

use std::str::FromStr;

use cal_core::Duration;
use chrono::TimeDelta;

/// A length of time, possibly none: `15m`, `1h30m`, `PT30M`, `0m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Length(pub(super) TimeDelta);

impl FromStr for Length {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Length, &'static str> {
        read(text)
            .filter(|length| *length >= TimeDelta::zero())
            .map(Length)
            .ok_or("a length is written 30m, 1h, 1h30m, 1d or PT30M")
    }
}

/// A length of time that is more than nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SlotLength(pub(super) TimeDelta);

impl FromStr for SlotLength {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<SlotLength, &'static str> {
        read(text)
            .filter(|length| *length >= TimeDelta::minutes(1))
            .map(SlotLength)
            .ok_or("a length is written 30m, 1h, 1h30m, 1d or PT30M and is at least one minute")
    }
}

/// Time before and time after, such as `1h/30m`; one length stands for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Around {
    pub(super) before: TimeDelta,
    pub(super) after: TimeDelta,
}

impl FromStr for Around {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Around, &'static str> {
        let (before, after) = text.split_once('/').unwrap_or((text, text));
        let (Length(before), Length(after)) = (before.parse()?, after.parse()?);
        Ok(Around { before, after })
    }
}

fn read(text: &str) -> Option<TimeDelta> {
    match text.parse::<Duration>() {
        Ok(duration) => Some(duration.to_time_delta()),
        Err(_) => units(text),
    }
}

/// Numbers with a unit each: `1h30m`.
fn units(text: &str) -> Option<TimeDelta> {
    let mut length = TimeDelta::zero();
    let mut number: Option<i64> = None;
    for character in text.chars() {
        if let Some(digit) = character.to_digit(10) {
            let so_far = number.unwrap_or(0).checked_mul(10)?;
            number = Some(so_far.checked_add(i64::from(digit))?);
            continue;
        }
        let count = number.take()?;
        let part = match character {
            'd' => TimeDelta::try_days(count)?,
            'h' => TimeDelta::try_hours(count)?,
            'm' => TimeDelta::try_minutes(count)?,
            's' => TimeDelta::try_seconds(count)?,
            _ => return None,
        };
        length = length.checked_add(&part)?;
    }
    number.is_none().then_some(length)
}
