//! Status lines inside XML (RFC 4918 section 14.28).

use http::StatusCode;

use crate::name::dav;
use crate::{Error, Writer};

/// Reads `HTTP/1.1 200 OK`; the version, and what comes after the number, are
/// not looked at.
///
/// # Errors
///
/// [`Error::Value`] where there is no number of three digits in its place.
pub fn parse_status_line(text: &str) -> Result<StatusCode, Error> {
    let mut words = text.split_ascii_whitespace();
    let version = words.next().unwrap_or_default();
    let number = words.next().unwrap_or_default();
    let code = if version.len() >= 5 && version.is_char_boundary(5) {
        version
            .split_at(5)
            .0
            .eq_ignore_ascii_case("HTTP/")
            .then_some(number)
    } else {
        None
    };
    code.and_then(|code| StatusCode::from_bytes(code.as_bytes()).ok())
        .ok_or_else(|| Error::value(&dav::STATUS, "not a status line", text))
}

/// The status line of a code, for example `HTTP/1.1 404 Not Found`.
#[must_use]
pub fn status_line(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or("Unknown");
    format!("HTTP/1.1 {} {reason}", status.as_str())
}

/// Writes `DAV:status`.
pub(crate) fn write_status(writer: &mut Writer, status: StatusCode) {
    writer.element(&dav::STATUS).content(|writer| {
        writer.characters("HTTP/1.1 ");
        writer.characters(status.as_str());
        writer.characters(" ");
        writer.characters(status.canonical_reason().unwrap_or("Unknown"));
    });
}
