//! What a TZID means when it is neither an IANA id nor defined in its
//! calendar: the heuristics, from the surest to the loosest.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::{TZ_VARIANTS, Tz};

use super::{ZoneRules, ZoneSource, alias, utc_offset, windows};

/// Names longer than this are junk, not zones; they are not looked at.
const LONGEST_NAME: usize = 255;

/// The areas of the IANA database whose zones are named after places.
const AREAS: &[&str] = &[
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// Zones of those areas that are named after a direction all the same.
const COMPASS: &[&str] = &["North", "South", "West"];

/// The zone an exact IANA id names. One letter case only: `europe/berlin` is
/// no id, but [`guess`] reads it.
pub(super) fn iana(tzid: &str) -> Option<Tz> {
    tzid.parse().ok()
}

/// The zone a foreign name most likely means.
pub(super) fn guess(tzid: &str) -> Option<(ZoneRules, ZoneSource)> {
    if tzid.len() > LONGEST_NAME {
        return None;
    }
    let name = bare(tzid);
    if let Some(zone) = windows::zone(name) {
        return Some((zone.into(), ZoneSource::Windows));
    }
    if let Some(zone) = spelled(name).or_else(|| spelled(without_counter(name)?)) {
        return Some((zone.into(), ZoneSource::Alias));
    }
    if let Some(offset) = utc_offset::parse(name) {
        return Some((offset.into(), ZoneSource::Offset));
    }
    let (offset, places) = match utc_offset::leading(name) {
        Some((offset, rest)) => (Some(offset), rest),
        None => (None, name),
    };
    if let Some(zone) = described(places) {
        return Some((zone.into(), ZoneSource::Alias));
    }
    // An offset with a description that says nothing to us is still an offset,
    // unless it spells two of them (`GMT-05.00/-04.00`).
    let offset = offset.filter(|_| places.chars().next().is_some_and(char::is_alphabetic))?;
    Some((offset.into(), ZoneSource::Offset))
}

/// Without the quotes, spaces and doubled punctuation that exporters leave.
fn bare(tzid: &str) -> &str {
    tzid.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | ':' | ','))
}

/// `Eastern Standard Time 1` is Outlook's second copy of the same zone.
fn without_counter(name: &str) -> Option<&str> {
    let (name, counter) = name.rsplit_once(' ')?;
    let digits = !counter.is_empty() && counter.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| name.trim_end())
}

/// One name: Windows, a known alias, or an IANA id in another spelling or
/// behind a vendor's path.
fn spelled(name: &str) -> Option<Tz> {
    windows::zone(name)
        .or_else(|| alias::zone(name))
        .or_else(|| path_tail(name))
}

/// The longest tail of a path that is an IANA id: `/mozilla.org/20050126_1/Europe/Berlin`,
/// `custom_America/New_York`, `Europe_Berlin`, `America-Chicago`.
fn path_tail(name: &str) -> Option<Tz> {
    let mut rest = name;
    loop {
        if let Some(zone) = respelled(rest) {
            return Some(zone);
        }
        let (_, tail) = rest.split_once(['/', '_'])?;
        rest = tail;
    }
}

/// IANA ids with letter case and the choice of separators ignored.
fn respelled(name: &str) -> Option<Tz> {
    static BY_KEY: LazyLock<HashMap<String, Tz>> = LazyLock::new(|| {
        TZ_VARIANTS
            .iter()
            .map(|zone| (key(zone.name()), *zone))
            .collect()
    });
    // Alone, a tail such as `1` or `est5` after a cut would match too easily.
    (name.len() > 2)
        .then(|| BY_KEY.get(&key(name)).copied())
        .flatten()
}

fn key(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            '/' | '_' | '-' | ' ' => '_',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

/// A description that lists places: `Amsterdam, Belgrade, Berlin`,
/// `Pacific Time (US & Canada), Tijuana`, `Greenwich Mean Time:Dublin; London`.
fn described(text: &str) -> Option<Tz> {
    let listed = |text: &str| {
        text.split([',', ';', ':', '/'])
            .find_map(|place| city(place.trim()))
    };
    if let Some(zone) = text.rsplit_once(':').and_then(|(_, places)| listed(places)) {
        return Some(zone);
    }
    let without_remark = text.split(" (").next().unwrap_or(text);
    spelled(without_remark.trim()).or_else(|| listed(text))
}

/// One item of such a list: a city (`Berlin`, `Kuala Lumpur`) or a name again.
fn city(place: &str) -> Option<Tz> {
    static BY_CITY: LazyLock<HashMap<String, Tz>> = LazyLock::new(|| {
        let mut cities = HashMap::new();
        for zone in TZ_VARIANTS {
            let Some((path, city)) = zone.name().rsplit_once('/') else {
                continue;
            };
            let area = path.split('/').next().unwrap_or(path);
            if AREAS.contains(&area) && !COMPASS.contains(&city) {
                cities.entry(key(city)).or_insert(zone);
            }
        }
        cities
    });
    windows::zone(place)
        .or_else(|| alias::zone(place))
        .or_else(|| BY_CITY.get(&key(place)).copied())
}
