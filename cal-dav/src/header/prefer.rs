//! `Prefer` (RFC 7240, RFC 8144) and `Brief`.

use std::fmt;

/// What a client would like; what is not understood is not kept.
///
/// ```
/// use cal_dav::header::{Prefer, Return};
///
/// let prefer = Prefer::parse("return=minimal, depth-noroot; foo=bar");
/// assert_eq!(prefer.returning, Some(Return::Minimal));
/// assert!(prefer.without_root);
/// assert_eq!(prefer.to_string(), "return=minimal, depth-noroot");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Prefer {
    /// How much to return.
    pub returning: Option<Return>,
    /// Whether to leave the resource that the request names out of an answer
    /// about its members.
    pub without_root: bool,
}

/// How much a client would like to get back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Return {
    /// No more than necessary.
    Minimal,
    /// The new, or the current, state of the resource.
    Representation,
}

impl Prefer {
    /// Reads the values of all `Prefer` header fields, joined by commas.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut prefer = Self::default();
        for preference in text.split(',') {
            let preference = preference.split(';').next().unwrap_or_default();
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "return" if prefer.returning.is_none() => prefer.returning = Return::of(value),
                // The name it had in drafts of RFC 7240.
                "return-minimal" if prefer.returning.is_none() => {
                    prefer.returning = Some(Return::Minimal);
                }
                "depth-noroot" => prefer.without_root = true,
                _ => {}
            }
        }
        prefer
    }

    /// The same, with what a `Brief` header field of this value adds.
    #[must_use]
    pub fn with_brief(mut self, value: &str) -> Self {
        if value.trim().eq_ignore_ascii_case("t") && self.returning.is_none() {
            self.returning = Some(Return::Minimal);
        }
        self
    }

    /// The same, with what a `Depth` header field of this value adds: some
    /// clients said `1,noroot` before there was `depth-noroot`.
    #[must_use]
    pub fn with_depth(mut self, value: &str) -> Self {
        let mut words = value.split(',').skip(1);
        self.without_root |= words.any(|word| word.trim().eq_ignore_ascii_case("noroot"));
        self
    }

    /// Whether as little as possible is wanted.
    #[must_use]
    pub fn is_minimal(&self) -> bool {
        self.returning == Some(Return::Minimal)
    }

    /// Whether the state of the resource is wanted.
    #[must_use]
    pub fn is_representation(&self) -> bool {
        self.returning == Some(Return::Representation)
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Return {
    fn of(value: &str) -> Option<Self> {
        match value.to_ascii_lowercase().as_str() {
            "minimal" => Some(Self::Minimal),
            "representation" => Some(Self::Representation),
            _ => None,
        }
    }
}

/// The form of `Prefer` and of `Preference-Applied`.
impl fmt::Display for Prefer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let returning = self.returning.map(|returning| match returning {
            Return::Minimal => "return=minimal",
            Return::Representation => "return=representation",
        });
        let without_root = self.without_root.then_some("depth-noroot");
        let mut separator = "";
        for preference in [returning, without_root].into_iter().flatten() {
            write!(formatter, "{separator}{preference}")?;
            separator = ", ";
        }
        Ok(())
    }
}
