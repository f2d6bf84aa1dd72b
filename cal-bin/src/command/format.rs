//! The formats in which a calendar can be written, told apart by their first
//! character.

use std::fmt;

use bytes::Bytes;
use cal_core::{Calendar, Converted, NotCarried};

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// RFC 5545
    ICalendar,
    /// RFC 7265
    JCal,
    /// RFC 6321
    XCal,
    /// RFC 8984
    JsCalendar,
}

/// The iCalendar text that a text of another format stands for.
pub(super) struct Translated {
    pub(super) text: Bytes,
    pub(super) not_carried: Vec<NotCarried>,
}

const BYTE_ORDER_MARK: char = '\u{feff}';

impl Format {
    pub(super) fn of(bytes: &[u8]) -> Format {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        match bytes.trim_ascii_start().first() {
            Some(b'[') => Format::JCal,
            Some(b'{') => Format::JsCalendar,
            Some(b'<') => Format::XCal,
            _ => Format::ICalendar,
        }
    }

    /// Translates a text of this format; iCalendar stays as it is. What is wrong
    /// with it is an error in words.
    pub(super) fn translate(self, bytes: Vec<u8>) -> Result<Translated, String> {
        if self == Format::ICalendar {
            return Ok(Translated {
                text: bytes.into(),
                not_carried: Vec::new(),
            });
        }
        let text =
            std::str::from_utf8(&bytes).map_err(|_| format!("{self} must be UTF-8 and is not"))?;
        let text = text.trim_start_matches(BYTE_ORDER_MARK);
        let converted = match self {
            Format::ICalendar | Format::JCal => Calendar::from_jcal(text).map(whole),
            Format::XCal => Calendar::from_xcal(text).map(whole),
            Format::JsCalendar => Calendar::from_jscal(text),
        };
        let syntax = self.syntax();
        let converted = converted.map_err(|error| {
            format!("this looks like {syntax} and cannot be read as {self}: {error}")
        })?;
        Ok(Translated {
            text: converted.value.to_bytes(),
            not_carried: converted.not_carried,
        })
    }

    /// What it is written in, which other texts are as well.
    fn syntax(self) -> &'static str {
        match self {
            Format::ICalendar => "iCalendar",
            Format::JCal | Format::JsCalendar => "JSON",
            Format::XCal => "XML",
        }
    }
}

fn whole(calendar: Calendar) -> Converted<Calendar> {
    Converted {
        value: calendar,
        not_carried: Vec::new(),
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Format::ICalendar => "iCalendar",
            Format::JCal => "jCal",
            Format::XCal => "xCal",
            Format::JsCalendar => "JSCalendar",
        })
    }
}
