//! Global position (RFC 5545 3.8.1.6).

use std::fmt;
use std::str::FromStr;

use super::lexical;
use crate::{Error, ValueType};

/// A place on the globe, in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geo {
    /// North of the equator; negative to the south of it. Within 90 degrees.
    pub latitude: f64,
    /// East of Greenwich; negative to the west of it. Within 180 degrees.
    pub longitude: f64,
}

impl Geo {
    /// Also reads `latitude,longitude` and the semicolon with a backslash
    /// before it, as some programs write it.
    pub(crate) fn parse_lenient(text: &str) -> Option<Self> {
        let plain = text
            .replace("\\;", ";")
            .replace("\\,", ",")
            .replacen(',', ";", 1);
        let parts: Vec<&str> = plain.split(';').map(str::trim).collect();
        parts.join(";").parse().ok()
    }
}

impl FromStr for Geo {
    type Err = Error;

    /// Reads `latitude;longitude`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (latitude, longitude) =
            lexical::geo(text).ok_or_else(|| Error::value(ValueType::Float, text))?;
        Ok(Geo {
            latitude,
            longitude,
        })
    }
}

impl fmt::Display for Geo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{};{}", self.latitude, self.longitude)
    }
}
