//! Names that are neither IANA nor Windows names, but that calendars in the
//! field carry: display names of mail programs, abbreviations, names that
//! Windows has dropped.

use chrono_tz::Tz;

/// Lower-case name, IANA id; sorted by name for binary search.
const ALIASES: &[(&str, &str)] = &[
    ("acdt", "Australia/Adelaide"),
    ("acst", "Australia/Adelaide"),
    ("aedt", "Australia/Sydney"),
    ("aest", "Australia/Sydney"),
    ("akdt", "America/Anchorage"),
    ("akst", "America/Anchorage"),
    ("alaska", "America/Anchorage"),
    ("alaska time", "America/Anchorage"),
    ("arizona", "America/Phoenix"),
    ("arizona time", "America/Phoenix"),
    ("atlantic", "America/Halifax"),
    ("atlantic time", "America/Halifax"),
    ("awst", "Australia/Perth"),
    ("brasilia", "America/Sao_Paulo"),
    ("brasília", "America/Sao_Paulo"),
    ("british summer time", "Europe/London"),
    ("bst", "Europe/London"),
    ("cdt", "America/Chicago"),
    ("central", "America/Chicago"),
    ("central america", "America/Guatemala"),
    ("central brazilian standard time", "America/Cuiaba"),
    ("central daylight time", "America/Chicago"),
    ("central europe", "Europe/Budapest"),
    ("central european standard time", "Europe/Warsaw"),
    ("central european summer time", "Europe/Berlin"),
    ("central european time", "Europe/Berlin"),
    ("central time", "America/Chicago"),
    ("cest", "Europe/Berlin"),
    ("china", "Asia/Shanghai"),
    ("coordinated universal time", "UTC"),
    ("cst", "America/Chicago"),
    ("eastern", "America/New_York"),
    ("eastern daylight time", "America/New_York"),
    ("eastern european summer time", "Europe/Helsinki"),
    ("eastern european time", "Europe/Helsinki"),
    ("eastern time", "America/New_York"),
    ("edt", "America/New_York"),
    ("eest", "Europe/Helsinki"),
    ("est/edt", "America/New_York"),
    ("germany", "Europe/Berlin"),
    ("greenwich mean time", "GMT"),
    ("hawaii", "Pacific/Honolulu"),
    ("hawaii time", "Pacific/Honolulu"),
    ("hkt", "Asia/Hong_Kong"),
    ("india", "Asia/Kolkata"),
    ("indiana (east)", "America/Indiana/Indianapolis"),
    ("ist", "Asia/Kolkata"),
    ("japan", "Asia/Tokyo"),
    ("jst", "Asia/Tokyo"),
    ("kamchatka standard time", "Asia/Kamchatka"),
    ("korea", "Asia/Seoul"),
    ("kst", "Asia/Seoul"),
    ("mdt", "America/Denver"),
    ("mesz", "Europe/Berlin"),
    ("mexico standard time", "America/Mexico_City"),
    ("mexico standard time 2", "America/Chihuahua"),
    ("mez", "Europe/Berlin"),
    ("mid-atlantic standard time", "Atlantic/South_Georgia"),
    ("mitteleuropaische zeit", "Europe/Berlin"),
    ("mitteleuropäische sommerzeit", "Europe/Berlin"),
    ("mitteleuropäische zeit", "Europe/Berlin"),
    ("mountain", "America/Denver"),
    ("mountain daylight time", "America/Denver"),
    ("mountain time", "America/Denver"),
    ("msk", "Europe/Moscow"),
    ("new delhi", "Asia/Kolkata"),
    ("new zealand", "Pacific/Auckland"),
    ("newfoundland", "America/St_Johns"),
    ("nzdt", "Pacific/Auckland"),
    ("nzst", "Pacific/Auckland"),
    ("pacific", "America/Los_Angeles"),
    ("pacific daylight time", "America/Los_Angeles"),
    ("pacific time", "America/Los_Angeles"),
    ("pdt", "America/Los_Angeles"),
    ("pst", "America/Los_Angeles"),
    ("pst/pdt", "America/Los_Angeles"),
    ("us-central", "America/Chicago"),
    ("us-eastern", "America/New_York"),
    ("us-mountain", "America/Denver"),
    ("us-pacific", "America/Los_Angeles"),
    ("utc time", "UTC"),
    ("w. europe", "Europe/Berlin"),
    ("west-europa", "Europe/Berlin"),
    ("western european summer time", "Europe/Lisbon"),
    ("western european time", "Europe/Lisbon"),
    ("western/central europe", "Europe/Berlin"),
    ("westeuropäische zeit", "Europe/Lisbon"),
    ("z", "UTC"),
];

/// The IANA zone an alias stands for; letter case does not matter.
pub(super) fn zone(name: &str) -> Option<Tz> {
    let name = name.to_lowercase();
    let found = ALIASES
        .binary_search_by(|(alias, _)| (*alias).cmp(name.as_str()))
        .ok()?;
    ALIASES.get(found)?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_id_is_an_iana_zone() {
        assert!(ALIASES.is_sorted_by(|a, b| a.0 < b.0));
        for (alias, id) in ALIASES {
            assert!(id.parse::<Tz>().is_ok(), "{alias} -> {id}");
            assert_eq!(*alias, alias.to_lowercase());
        }
    }
}
