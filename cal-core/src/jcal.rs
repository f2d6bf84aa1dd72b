//! jCal, the JSON format for iCalendar (RFC 7265).

pub(crate) mod forms;
pub(crate) mod read;
pub(crate) mod write;

use crate::{Calendar, Error};

impl Calendar {
    /// The calendar as jCal, a JSON text: one component array, or an array of
    /// them where the text has not exactly one outermost component.
    ///
    /// jCal carries components, properties, parameters and values. It does not
    /// carry the letter case of names, folding, control characters other than
    /// line breaks, or lines that are no properties. A parameter that is there
    /// twice has the values of both. A value that its type cannot read goes as
    /// it stands, so that one which is written as jCal writes it
    /// (`VALUE=DATE:2026-03-01`) comes back mended. A calendar without any
    /// component is `[]`, which is no jCal.
    ///
    /// ```
    /// use cal_core::Calendar;
    ///
    /// let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260301\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    /// let jcal = Calendar::read(text).calendar.to_jcal();
    /// assert_eq!(jcal, r#"["vcalendar",[],[["vevent",[["dtstart",{},"date","2026-03-01"]],[]]]]"#);
    /// assert_eq!(Calendar::from_jcal(&jcal)?.to_string(), text);
    /// # Ok::<(), cal_core::Error>(())
    /// ```
    #[must_use]
    pub fn to_jcal(&self) -> String {
        write::calendar(self)
    }

    /// Reads jCal: a component array, or an array of such.
    ///
    /// # Errors
    /// If the text is not JSON, or nested deeper than 127 levels (a component
    /// takes two), or not jCal; a list without any component is not.
    pub fn from_jcal(json: &str) -> Result<Self, Error> {
        read::calendar(json)
    }
}
