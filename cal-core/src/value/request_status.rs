//! Status of a scheduling request (RFC 5545 3.8.8.3).

use std::borrow::Cow;
use std::fmt;

use crate::text::escape;

/// What became of a request: `2.0;Success` and its like.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestStatus {
    /// The levels of the status code; the third is 0 where there is none.
    pub code: [u16; 3],
    /// What it means, in words.
    pub description: String,
    /// The property that it is about, as text, where it says so.
    pub data: Option<String>,
}

impl RequestStatus {
    /// Whether the request succeeded (2.x) or is under way (1.x).
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self.code, [1 | 2, ..])
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = escape::split(text, ';');
        let levels: Vec<u16> = parts
            .next()?
            .trim()
            .split('.')
            .map(|level| level.parse().ok())
            .collect::<Option<_>>()?;
        let code = match levels.as_slice() {
            [major, minor] => [*major, *minor, 0],
            [major, minor, detail] => [*major, *minor, *detail],
            _ => return None,
        };
        let plain = |part: &str| escape::unescape(Cow::Borrowed(part)).into_owned();
        let description = parts.next().map(plain).unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let data = (!rest.is_empty()).then(|| plain(&rest.join(";")));
        Some(RequestStatus {
            code,
            description,
            data,
        })
    }
}

impl fmt::Display for RequestStatus {
    /// As iCalendar writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, detail] = self.code;
        write!(f, "{major}.{minor}")?;
        if detail > 0 {
            write!(f, ".{detail}")?;
        }
        for part in std::iter::once(&self.description).chain(&self.data) {
            let mut escaped = String::new();
            escape::escape_into(&mut escaped, part);
            write!(f, ";{escaped}")?;
        }
        Ok(())
    }
}
