//! Dates of HTTP header fields and of `DAV:getlastmodified` (RFC 9110 section
//! 5.6.7).

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDateTime;

use crate::Error;

/// A UTC instant as HTTP writes it, to the second.
///
/// ```
/// use cal_dav::HttpDate;
///
/// let date: HttpDate = "Sunday, 06-Nov-94 08:49:37 GMT".parse()?;
/// assert_eq!(date.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
/// # Ok::<(), cal_dav::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HttpDate(pub NaiveDateTime);

impl HttpDate {
    const PREFERRED: &'static str = "%a, %d %b %Y %H:%M:%S GMT";
    const RFC_850: &'static str = "%A, %d-%b-%y %H:%M:%S GMT";
    const ASCTIME: &'static str = "%a %b %e %H:%M:%S %Y";
}

impl FromStr for HttpDate {
    type Err = Error;

    /// Reads any of the three forms; years of two digits are 1970 to 2069.
    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim_ascii();
        [Self::PREFERRED, Self::RFC_850, Self::ASCTIME]
            .into_iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
            .map(Self)
            .ok_or_else(|| Error::value("date", "not an HTTP date", text))
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format(Self::PREFERRED).fmt(formatter)
    }
}
