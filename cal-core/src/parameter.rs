//! Property parameters (RFC 5545 3.2), with the caret encoding of RFC 6868.

use std::borrow::Cow;

use memchr::memchr;

use crate::text::{caret, head::is_name_byte};
use crate::tree::decode::decode;

/// One parameter of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter<'a> {
    name: &'a [u8],
    raw: &'a [u8],
}

impl<'a> Parameter<'a> {
    /// Its name, as the text writes it.
    #[must_use]
    pub fn name(&self) -> &'a str {
        std::str::from_utf8(self.name).unwrap_or_default()
    }

    /// Whether it has this name, in any case of letters.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Its values as they stand: with quotes and carets, several with commas between.
    #[must_use]
    pub fn raw(&self) -> Cow<'a, str> {
        decode(Cow::Borrowed(self.raw))
    }

    /// Its first value, decoded.
    #[must_use]
    pub fn value(&self) -> Cow<'a, str> {
        self.values().next().unwrap_or_default()
    }

    /// Its values, decoded. A comma inside quotes separates nothing.
    pub fn values(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        let mut rest = Some(self.raw);
        std::iter::from_fn(move || {
            let text = rest?;
            let end = value_end(text, b',');
            rest = text.get(end + 1..);
            Some(decoded(text.get(..end).unwrap_or_default()))
        })
    }
}

fn decoded(value: &[u8]) -> Cow<'_, str> {
    let inner = value
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    caret::decode(decode(Cow::Borrowed(inner.unwrap_or(value))))
}

/// Where a value ends: at the first `stop` outside of quotes. A quote
/// without partner counts as a plain character.
fn value_end(text: &[u8], stop: u8) -> usize {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        if *byte == stop {
            return at;
        }
        if *byte == b'"'
            && let Some(close) = text.get(at + 1..).and_then(|rest| memchr(b'"', rest))
        {
            at += close + 1;
        }
        at += 1;
    }
    at
}

/// Iterator over the parameters of one property; see [`Property::parameters`](crate::Property::parameters).
#[derive(Debug, Clone)]
pub struct Parameters<'a> {
    rest: &'a [u8],
}

impl<'a> Parameters<'a> {
    /// `head` is what stands between the name and the colon.
    pub(crate) fn new(head: &'a [u8]) -> Self {
        Parameters { rest: head }
    }
}

impl<'a> Iterator for Parameters<'a> {
    type Item = Parameter<'a>;

    fn next(&mut self) -> Option<Parameter<'a>> {
        let start = memchr(b';', self.rest)?;
        let rest = self.rest.get(start + 1..)?;
        let name_end = rest
            .iter()
            .position(|b| matches!(b, b'=' | b';'))
            .unwrap_or(rest.len());
        let name = rest.get(..name_end)?.trim_ascii();
        let value = match rest.get(name_end) {
            Some(b'=') => rest.get(name_end + 1..)?,
            _ => &[],
        };
        let end = value_end(value, b';');
        let raw = value.get(..end)?;
        let consumed = if value.is_empty() {
            name_end
        } else {
            name_end + 1 + end
        };
        self.rest = rest.get(consumed..).unwrap_or_default();
        let name = name.strip_suffix(b" ").unwrap_or(name);
        Some(Parameter { name, raw })
    }
}

/// Whether a name may stand in a content line.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(is_name_byte)
}
