//! Zone names that spell a fixed offset: `(GMT +01:00)`, `UTC-5`, `+0530`.

use chrono::FixedOffset;

const HOUR: i32 = 3600;

/// The offset that the whole name spells, or `None` if it says anything else.
pub(super) fn parse(name: &str) -> Option<FixedOffset> {
    match leading(name)? {
        (offset, "") => Some(offset),
        _ => None,
    }
}

/// The offset that the name starts with, in parentheses or not, and what
/// follows it: `(UTC-05:00) Eastern Time` is -05:00 and `Eastern Time`.
pub(super) fn leading(name: &str) -> Option<(FixedOffset, &str)> {
    let name = name.trim();
    if let Some(inner) = name.strip_prefix('(') {
        let (inside, rest) = inner.split_once(')')?;
        let (offset, left) = offset(inside.trim())?;
        return left.is_empty().then(|| (offset, rest.trim()));
    }
    let (offset, rest) = offset(name)?;
    Some((offset, rest.trim()))
}

/// `GMT`, `UTC+1`, `GMT +01:00`, `+0100`, `UTC-03.30` at the start of the text.
fn offset(text: &str) -> Option<(FixedOffset, &str)> {
    let prefixed = ["UTC", "GMT", "Utc", "Gmt", "utc", "gmt"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix));
    let rest = prefixed.unwrap_or(text).trim_start();
    let (sign, digits) = match rest.chars().next() {
        Some('+') => (1, rest.strip_prefix('+')?),
        Some('-') => (-1, rest.strip_prefix('-')?),
        Some('\u{2212}') => (-1, rest.strip_prefix('\u{2212}')?),
        None if prefixed.is_some() => return Some((FixedOffset::east_opt(0)?, rest)),
        _ => return None,
    };
    let (seconds, rest) = clock(digits)?;
    Some((FixedOffset::east_opt(sign * seconds)?, rest))
}

/// `1`, `01`, `0130`, `01:30` or `01.30` as seconds, and what follows.
fn clock(text: &str) -> Option<(i32, &str)> {
    let (hours, digits, rest) = number(text)?;
    if digits == 4 {
        let (hours, minutes) = (hours / 100, hours % 100);
        return in_range(hours, minutes).map(|seconds| (seconds, rest));
    }
    if digits > 2 {
        return None;
    }
    let after = rest.strip_prefix(':').or_else(|| rest.strip_prefix('.'));
    match after.and_then(number) {
        Some((minutes, 2, rest)) => in_range(hours, minutes).map(|seconds| (seconds, rest)),
        _ => in_range(hours, 0).map(|seconds| (seconds, rest)),
    }
}

/// Up to four leading digits, how many there were, and the rest.
fn number(text: &str) -> Option<(i32, usize, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    Some((digits.parse().ok()?, digits.len(), rest))
}

/// Zones reach from -12:00 to +14:00; twenty-four hours are nonsense.
fn in_range(hours: i32, minutes: i32) -> Option<i32> {
    (hours <= 18 && minutes < 60).then_some(hours * HOUR + minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_spell_an_offset_and_nothing_else() {
        for (name, seconds) in [
            ("(GMT +01:00)", HOUR),
            ("(GMT-03:00)", -3 * HOUR),
            ("(UTC)", 0),
            ("UTC+11", 11 * HOUR),
            ("GMT -0330", -(3 * HOUR + 1800)),
            ("+0530", 5 * HOUR + 1800),
            ("UTC-03.30", -(3 * HOUR + 1800)),
            ("GMT+1", HOUR),
        ] {
            let offset = parse(name).map(|offset| offset.local_minus_utc());
            assert_eq!(offset, Some(seconds), "{name}");
        }
        for name in [
            "",
            "GMT-05.00/-04.00",
            "Europe/Berlin",
            "+99",
            "(GMT",
            "7",
            "+12345",
        ] {
            assert_eq!(parse(name), None, "{name}");
        }
    }

    #[test]
    fn an_offset_in_front_leaves_the_name_behind_it() {
        let (offset, rest) =
            leading("(UTC-05:00) Eastern Time (US & Canada)").unwrap_or_else(|| {
                panic!("an offset in parentheses is read");
            });
        assert_eq!(offset.local_minus_utc(), -5 * HOUR);
        assert_eq!(rest, "Eastern Time (US & Canada)");
    }
}
