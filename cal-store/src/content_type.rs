//! The media type of an object.

use std::borrow::Cow;
use std::fmt;

/// A media type, such as `text/calendar`, as the client sent it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ContentType(Cow<'static, str>);

impl ContentType {
    const CALENDAR: &'static str = "text/calendar; charset=utf-8";
    const MAX_BYTES: usize = 255;

    /// iCalendar text in UTF-8.
    #[must_use]
    pub const fn calendar() -> Self {
        Self(Cow::Borrowed(Self::CALENDAR))
    }

    /// Bytes of unknown meaning.
    #[must_use]
    pub const fn binary() -> Self {
        Self(Cow::Borrowed("application/octet-stream"))
    }

    /// The media type of this text; one that is empty, overlong or not
    /// printable ASCII becomes [`binary`](Self::binary).
    #[must_use]
    pub fn new(text: &str) -> Self {
        let printable = text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if text == Self::CALENDAR {
            Self::calendar()
        } else if text.is_empty() || text.len() > Self::MAX_BYTES || !printable {
            Self::binary()
        } else {
            Self(Cow::Owned(text.to_owned()))
        }
    }

    /// The media type as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
