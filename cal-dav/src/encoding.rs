//! The encodings every XML reader must know: UTF-8 and UTF-16.

use std::borrow::Cow;

use crate::Error;

/// The text of a document, its byte order mark left out.
pub(crate) fn decode(document: &[u8]) -> Result<Cow<'_, str>, Error> {
    match document {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes).map(Cow::Owned),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes).map(Cow::Owned),
        _ => utf8(document).map(Cow::Borrowed),
    }
}

fn utf8(document: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(document).map_err(|error| Error::Malformed {
        offset: error.valid_up_to() as u64,
        reason: "not UTF-8".to_owned(),
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Error> {
    let malformed = || Error::Malformed {
        offset: 0,
        reason: "not UTF-16".to_owned(),
    };
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(malformed());
    }
    let units = pairs.filter_map(|pair| <[u8; 2]>::try_from(pair).ok().map(unit));
    char::decode_utf16(units)
        .collect::<Result<String, _>>()
        .map_err(|_| malformed())
}

/// Refuses the encoding an XML declaration names where it is not one that
/// [`decode`] has already undone.
pub(crate) fn check_declared(label: &str) -> Result<(), Error> {
    let known = [
        "utf-8", "utf8", "us-ascii", "utf-16", "utf-16le", "utf-16be",
    ];
    if known.iter().any(|name| label.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    Err(Error::Encoding(label.chars().take(40).collect()))
}
