//! Windows time zone names (`W. Europe Standard Time`), by the mapping that
//! the Unicode CLDR project keeps.

use chrono_tz::Tz;
use windows_timezones::WindowsTimezone;

/// The IANA zone that CLDR gives for a Windows name.
pub(super) fn zone(name: &str) -> Option<Tz> {
    name.parse::<WindowsTimezone>().ok()?.tzdb_id().parse().ok()
}
