//! Text conditions of filters (RFC 4791 section 9.7.5; the match types are
//! those of RFC 6352 section 10.5.4).

use super::Collation;
use crate::name::caldav;
use crate::{Element, Error, Writer};

/// A condition on a text.
///
/// ```
/// use cal_dav::report::TextMatch;
///
/// let condition = TextMatch::contains("stand-up");
/// assert!(condition.matches("Daily Stand-Up"));
/// assert!(!condition.matches("Review"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextMatch {
    /// The text looked for.
    pub text: String,
    /// How texts are compared.
    pub collation: Collation,
    /// Where in the value the text must be.
    pub match_type: MatchType,
    /// Whether the condition holds for the texts that do not match.
    pub negated: bool,
}

/// Where in a value a text must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum MatchType {
    /// Anywhere.
    #[default]
    Contains,
    /// It is the value.
    Equals,
    /// At the start.
    StartsWith,
    /// At the end.
    EndsWith,
}

impl MatchType {
    const ALL: [Self; 4] = [
        Self::Contains,
        Self::Equals,
        Self::StartsWith,
        Self::EndsWith,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::Equals => "equals",
            Self::StartsWith => "starts-with",
            Self::EndsWith => "ends-with",
        }
    }

    /// Reads the attribute `match-type`, `None` where it is absent.
    pub(crate) fn read(element: &Element) -> Result<Option<Self>, Error> {
        let Some(text) = element.attribute("match-type") else {
            return Ok(None);
        };
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .map(Some)
            .ok_or_else(|| Error::value(element.name(), "not a match type", text))
    }

    /// Whether `needle` is at such a place of `value`, octet for octet.
    pub(crate) fn holds(self, value: &str, needle: &str) -> bool {
        match self {
            Self::Contains => value.contains(needle),
            Self::Equals => value == needle,
            Self::StartsWith => value.starts_with(needle),
            Self::EndsWith => value.ends_with(needle),
        }
    }
}

impl TextMatch {
    /// The text is anywhere in the value, the case of ASCII letters ignored.
    #[must_use]
    pub fn contains(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            collation: Collation::default(),
            match_type: MatchType::default(),
            negated: false,
        }
    }

    /// Whether the condition holds for a value.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        let value = self.collation.fold(value);
        let needle = self.collation.fold(&self.text);
        self.match_type.holds(&value, &needle) != self.negated
    }

    pub(crate) fn read(element: &Element) -> Result<Self, Error> {
        let negated = match element.attribute("negate-condition") {
            None | Some("no") => false,
            Some("yes") => true,
            Some(other) => {
                return Err(Error::value(
                    element.name(),
                    "negate-condition is yes or no",
                    other,
                ));
            }
        };
        Ok(Self {
            text: element.text(),
            collation: element
                .attribute("collation")
                .map_or(Ok(Collation::default()), Collation::parse)?,
            match_type: MatchType::read(element)?.unwrap_or_default(),
            negated,
        })
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        let match_type = Some(self.match_type).filter(|kind| *kind != MatchType::default());
        writer
            .element(&caldav::TEXT_MATCH)
            .attribute("collation", self.collation.as_str())
            .attribute_if("match-type", match_type.map(MatchType::as_str))
            .attribute_if("negate-condition", self.negated.then_some("yes"))
            .text(&self.text);
    }
}
