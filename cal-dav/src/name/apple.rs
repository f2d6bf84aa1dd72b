//! Names of `http://apple.com/ns/ical/`, Apple's iCal client.

use super::names;

names! { APPLE:
    AUTOPROVISIONED = "autoprovisioned",
    CALENDAR_COLOR = "calendar-color",
    CALENDAR_ORDER = "calendar-order",
    LANGUAGE_CODE = "language-code",
    LOCATION_CODE = "location-code",
    REFRESHRATE = "refreshrate",
    SYMBOLIC_COLOR = "symbolic-color",
}
