//! Entity tags (RFC 9110 section 8.8.3).

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// An entity tag, kept as it came.
///
/// A tag without quotes, as some servers send, is taken too and sent back the
/// same way, but equals no tag with quotes.
///
/// ```
/// use cal_dav::ETag;
///
/// let tag = ETag::strong("a1")?;
/// assert_eq!(tag.as_str(), "\"a1\"");
/// assert!(tag.strongly_equals(&"\"a1\"".parse()?));
/// assert!(!tag.strongly_equals(&"W/\"a1\"".parse()?));
/// assert!(tag.is_meant_by(&"W/\"a1\"".parse()?));
/// # Ok::<(), cal_dav::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ETag(String);

impl ETag {
    /// What proxies that compress put before the closing quote.
    const MANGLED: [&'static str; 3] = ["-gzip\"", "-br\"", ";gzip\""];

    /// A strong tag with this text between its quotes.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] where the text holds a quote, white space or a control
    /// character.
    pub fn strong(opaque: &str) -> Result<Self, Error> {
        format!("\"{opaque}\"").parse()
    }

    /// The tag as it came, quotes and `W/` included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a weak validator.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.0.starts_with("W/")
    }

    /// Whether both are strong and the same (RFC 9110 section 8.8.3.2).
    #[must_use]
    pub fn strongly_equals(&self, other: &Self) -> bool {
        !self.is_weak() && self.0 == other.0
    }

    /// Whether both are the same, weak or not (RFC 9110 section 8.8.3.2).
    #[must_use]
    pub fn weakly_equals(&self, other: &Self) -> bool {
        self.without_weakness() == other.without_weakness()
    }

    /// Whether a client that sends `sent` means this strong tag: `sent` is the
    /// same, or what a compressing proxy makes of it, which is `W/"h"`,
    /// `"h-gzip"`, `"h-br"` or `"h;gzip"` for `"h"`.
    #[must_use]
    pub fn is_meant_by(&self, sent: &Self) -> bool {
        if self.is_weak() {
            return false;
        }
        let mangled = |suffix: &&str| {
            let ours = self.0.strip_suffix('"');
            ours.is_some_and(|ours| sent.without_weakness().strip_suffix(*suffix) == Some(ours))
        };
        self.weakly_equals(sent) || Self::MANGLED.iter().any(mangled)
    }

    /// The same with its quotes, where something on the way dropped them.
    #[must_use]
    pub fn quoted(&self) -> Self {
        if self.without_weakness().starts_with('"') {
            return self.clone();
        }
        Self(format!("\"{}\"", self.without_weakness()))
    }

    /// The text between the quotes of the strong tag that a client means by
    /// this one: see [`is_meant_by`](Self::is_meant_by).
    #[must_use]
    pub fn meant(&self) -> &str {
        let body = self.without_weakness();
        let unmangled = Self::MANGLED
            .iter()
            .find_map(|suffix| body.strip_suffix(suffix));
        let body = unmangled.unwrap_or_else(|| body.strip_suffix('"').unwrap_or(body));
        body.strip_prefix('"').unwrap_or(body)
    }

    /// The strong tag that a weak one was before something on the way weakened
    /// it, for `If-Match`.
    #[must_use]
    pub fn to_strong(&self) -> Self {
        Self(self.without_weakness().to_owned())
    }

    fn without_weakness(&self) -> &str {
        self.0.strip_prefix("W/").unwrap_or(&self.0)
    }
}

impl FromStr for ETag {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim_ascii();
        let body = text.strip_prefix("W/").unwrap_or(text);
        let opaque = body
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(body);
        let plain = |char: char| char > ' ' && char != '"' && char != '\u{7F}';
        if body.is_empty() || !opaque.chars().all(plain) {
            return Err(Error::value("entity tag", "not an entity tag", text));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
