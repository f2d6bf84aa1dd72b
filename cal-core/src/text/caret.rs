//! Parameter values (RFC 6868): `^n`, `^^` and `^'` stand for a line break, a
//! caret and a double quote; a backslash means itself.

use std::borrow::Cow;

use memchr::memchr;

/// Undoes the caret encoding. A caret before any other character is kept.
pub(crate) fn decode(raw: Cow<'_, str>) -> Cow<'_, str> {
    if memchr(b'^', raw.as_bytes()).is_none() {
        return raw;
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        let decoded = match (c, chars.peek()) {
            ('^', Some('n')) => Some('\n'),
            ('^', Some('^')) => Some('^'),
            ('^', Some('\'')) => Some('"'),
            _ => None,
        };
        if decoded.is_some() {
            chars.next();
        }
        text.push(decoded.unwrap_or(c));
    }
    Cow::Owned(text)
}

/// Appends one parameter value, caret-encoded and quoted where it must be.
pub(crate) fn encode_into(out: &mut String, value: &str) {
    let quote = value.contains([':', ';', ',']);
    if quote {
        out.push('"');
    }
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '^' => out.push_str("^^"),
            '"' => out.push_str("^'"),
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push_str("^n");
            }
            '\n' => out.push_str("^n"),
            '\t' => out.push('\t'),
            c if c.is_ascii_control() => {}
            c => out.push(c),
        }
    }
    if quote {
        out.push('"');
    }
}
