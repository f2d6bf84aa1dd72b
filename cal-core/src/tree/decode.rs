//! Bytes to characters: UTF-8 where it is, Windows-1252 where it is not, UTF-16 by its mark.

use std::borrow::Cow;

use bytes::Bytes;

/// Windows-1252 for 0x80 to 0x9F; the bytes it leaves open stay control characters.
const HIGH_CONTROLS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The characters of some bytes of a line, as every reading has them: UTF-8
/// where they are, else Windows-1252, which most old programs wrote.
///
/// ```
/// assert_eq!(cal_core::decode_text(b"caf\xC3\xA9"), "café");
/// assert_eq!(cal_core::decode_text(b"Ada\x92s caf\xE9"), "Ada’s café");
/// ```
#[must_use]
pub fn decode_text(bytes: &[u8]) -> Cow<'_, str> {
    decode(Cow::Borrowed(bytes))
}

/// The characters of some bytes of a line.
pub(crate) fn decode(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(windows_1252(bytes)),
        },
        Cow::Owned(bytes) => Cow::Owned(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => windows_1252(error.as_bytes()),
        }),
    }
}

fn windows_1252(bytes: &[u8]) -> String {
    let high = |byte: u8| {
        HIGH_CONTROLS
            .get(usize::from(byte).wrapping_sub(0x80))
            .copied()
    };
    bytes
        .iter()
        .map(|&byte| high(byte).unwrap_or(char::from(byte)))
        .collect()
}

/// The input as UTF-8, if its byte order mark says that it is UTF-16 and it is.
pub(crate) fn from_utf16(input: &[u8]) -> Option<Bytes> {
    let (mark, body) = input.split_at_checked(2)?;
    let unit: fn([u8; 2]) -> u16 = match mark {
        [0xFF, 0xFE] => u16::from_le_bytes,
        [0xFE, 0xFF] => u16::from_be_bytes,
        _ => return None,
    };
    let (pairs, _) = body.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|&pair| unit(pair)).collect();
    String::from_utf16(&units).ok().map(Bytes::from)
}
