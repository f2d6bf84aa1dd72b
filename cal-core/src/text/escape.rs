//! TEXT escaping (RFC 5545 3.3.11): `\\`, `\;`, `\,`, `\n`.

use std::borrow::Cow;

use memchr::memchr;

/// Undoes the escaping. A backslash before any other character is kept as it stands.
pub(crate) fn unescape(raw: Cow<'_, str>) -> Cow<'_, str> {
    if memchr(b'\\', raw.as_bytes()).is_none() {
        return raw;
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'N') => text.push('\n'),
            Some(escaped @ ('\\' | ';' | ',' | ':' | '"')) => text.push(escaped),
            Some(other) => {
                text.push('\\');
                text.push(other);
            }
            None => text.push('\\'),
        }
    }
    Cow::Owned(text)
}

/// Escapes a text for a TEXT value. Line breaks of any kind become `\n`; other
/// control characters, which no content line can carry, are left out.
pub(crate) fn escape_into(out: &mut String, text: &str) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push_str("\\n");
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            c if c.is_ascii_control() => {}
            c => out.push(c),
        }
    }
}

/// Cuts a raw value at every `separator` that is not escaped.
pub(crate) fn split(raw: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    raw.split(move |c: char| {
        let cut = c == separator && !escaped;
        escaped = c == '\\' && !escaped;
        cut
    })
}
