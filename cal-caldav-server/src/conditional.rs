//! Conditional requests (RFC 9110 section 13): `If-Match`, `If-None-Match` and their dated kin.
//!
//! The fields are read by `cal-dav`. A client behind a proxy that compresses, and so changes
//! strong ETags, can still save what it edited: see [`cal_dav::ETag::is_meant_by`].

use cal_dav::header::ETagCondition;
use cal_dav::{ETag as Tag, HttpDate};
use cal_store::{ETag, Precondition};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, header};

/// What a request demands of the current state of its target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Conditional {
    matches: Option<Tags>,
    matches_none: Option<Tags>,
    modified_since: Option<DateTime<Utc>>,
    unmodified_since: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    Any,
    Listed(Vec<Tag>),
}

/// The current state of a target that exists.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version<'a> {
    /// The opaque part of the ETag, without quotes.
    pub(crate) etag: &'a str,
    pub(crate) modified: Option<DateTime<Utc>>,
}

/// What the conditions say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Proceed,
    /// A reader already has the current state: 304.
    NotModified,
    /// A writer's picture of the target is out of date: 412.
    Failed,
}

/// Whether a request only reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
    Read,
    Write,
}

impl Conditional {
    /// Reads the conditional fields of a request.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self {
            matches: tags(headers, &header::IF_MATCH),
            matches_none: tags(headers, &header::IF_NONE_MATCH),
            modified_since: date(headers, &header::IF_MODIFIED_SINCE),
            unmodified_since: date(headers, &header::IF_UNMODIFIED_SINCE),
        }
    }

    /// What the entity tags demand of an object, for the store to check when it writes.
    pub(crate) fn precondition(&self) -> Precondition {
        let matches = self.matches.as_ref().map(|tags| match tags {
            Tags::Any => Precondition::Present,
            Tags::Listed(tags) => Precondition::Matches(object_tags(tags)),
        });
        let differs = self.matches_none.as_ref().map(|tags| match tags {
            Tags::Any => Precondition::Absent,
            Tags::Listed(tags) => Precondition::Differs(object_tags(tags)),
        });
        match (matches, differs) {
            (None, None) => Precondition::None,
            (Some(one), None) | (None, Some(one)) => one,
            (Some(matches), Some(differs)) => Precondition::All(vec![matches, differs]),
        }
    }

    /// Whether a date is to be compared as well, which the store does not do.
    pub(crate) fn is_dated(&self) -> bool {
        self.unmodified_since.is_some() && self.matches.is_none()
    }

    /// Whether what is there now may be written over.
    pub(crate) fn allows_write(&self, current: Option<Version<'_>>) -> bool {
        self.evaluate(current, Intent::Write) != Verdict::Failed
    }

    /// Evaluates the conditions in the order of RFC 9110 section 13.2.2.
    pub(crate) fn evaluate(&self, current: Option<Version<'_>>, intent: Intent) -> Verdict {
        if let Some(tags) = &self.matches {
            if !tags.cover(current) {
                return Verdict::Failed;
            }
        } else if let Some(limit) = self.unmodified_since
            && current
                .and_then(|version| version.modified)
                .is_some_and(|at| seconds(at) > seconds(limit))
        {
            return Verdict::Failed;
        }
        if let Some(tags) = &self.matches_none {
            if tags.cover(current) {
                return match intent {
                    Intent::Read => Verdict::NotModified,
                    Intent::Write => Verdict::Failed,
                };
            }
        } else if intent == Intent::Read
            && let Some(limit) = self.modified_since
            && current
                .and_then(|version| version.modified)
                .is_some_and(|at| seconds(at) <= seconds(limit))
        {
            return Verdict::NotModified;
        }
        Verdict::Proceed
    }
}

impl Tags {
    fn cover(&self, current: Option<Version<'_>>) -> bool {
        let Some(version) = current else {
            return false;
        };
        match (self, Tag::strong(version.etag)) {
            (Self::Any, _) => true,
            (Self::Listed(tags), Ok(current)) => tags.iter().any(|tag| current.is_meant_by(tag)),
            (Self::Listed(_), Err(_)) => false,
        }
    }
}

/// The tags among these that an object of a store can have.
fn object_tags(sent: &[Tag]) -> Vec<ETag> {
    sent.iter()
        .filter_map(|tag| tag.meant().parse().ok())
        .collect()
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Option<Tags> {
    let mut fields = headers.get_all(name).iter().peekable();
    fields.peek()?;
    let mut listed = Vec::new();
    for field in fields {
        // A field that cannot be read names no tag we ever gave out.
        match field.to_str().unwrap_or_default().parse() {
            Ok(ETagCondition::Any) => return Some(Tags::Any),
            Ok(ETagCondition::Tags(tags)) => listed.extend(tags.iter().map(Tag::quoted)),
            Err(_) => {}
        }
    }
    Some(Tags::Listed(listed))
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<DateTime<Utc>> {
    let date: HttpDate = headers.get(name)?.to_str().ok()?.parse().ok()?;
    Some(date.0.and_utc())
}

/// Writes an HTTP date.
pub(crate) fn http_date(date: DateTime<Utc>) -> String {
    HttpDate(date.naive_utc()).to_string()
}

/// Writes a strong entity tag.
pub(crate) fn etag_header(etag: impl std::fmt::Display) -> String {
    format!("\"{etag}\"")
}

/// HTTP dates know no fractions.
fn seconds(date: DateTime<Utc>) -> i64 {
    date.timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conditional(name: &'static str, value: &'static str) -> Conditional {
        let mut headers = HeaderMap::new();
        headers.insert(name, http::HeaderValue::from_static(value));
        Conditional::of(&headers)
    }

    fn version() -> Option<Version<'static>> {
        Some(Version {
            etag: "h",
            modified: DateTime::from_timestamp(784_111_777, 500_000_000),
        })
    }

    #[test]
    fn etags_mangled_by_proxies_still_match() {
        for tag in [
            "\"h\"",
            "W/\"h\"",
            "\"h-gzip\"",
            "\"h-br\"",
            "\"h;gzip\"",
            "W/\"h-gzip\"",
            "\"x\", \"h\"",
            "*",
            "h",
        ] {
            assert_eq!(
                conditional("if-match", tag).evaluate(version(), Intent::Write),
                Verdict::Proceed,
                "{tag}"
            );
        }
        for tag in ["\"other\"", "\"h-zip\"", "\"h-gzip-br\"", "\"\"", ""] {
            assert_eq!(
                conditional("if-match", tag).evaluate(version(), Intent::Write),
                Verdict::Failed,
                "{tag}"
            );
        }
    }

    #[test]
    fn nothing_matches_what_does_not_exist() {
        assert_eq!(
            conditional("if-match", "*").evaluate(None, Intent::Write),
            Verdict::Failed
        );
        assert_eq!(
            conditional("if-none-match", "*").evaluate(None, Intent::Write),
            Verdict::Proceed
        );
    }

    #[test]
    fn if_none_match_stops_writers_and_saves_readers_a_body() {
        for tag in ["*", "\"h\"", "\"a\",\"h\""] {
            let conditional = conditional("if-none-match", tag);
            assert_eq!(
                conditional.evaluate(version(), Intent::Write),
                Verdict::Failed,
                "{tag}"
            );
            assert_eq!(
                conditional.evaluate(version(), Intent::Read),
                Verdict::NotModified,
                "{tag}"
            );
        }
        assert_eq!(
            conditional("if-none-match", "\"x\"").evaluate(version(), Intent::Read),
            Verdict::Proceed
        );
    }

    #[test]
    fn dates_are_compared_in_whole_seconds() {
        let cases = [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Verdict::NotModified),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Verdict::NotModified),
            ("Sun Nov  6 08:49:37 1994", Verdict::NotModified),
            ("Sun, 06 Nov 1994 08:49:36 GMT", Verdict::Proceed),
            ("not a date", Verdict::Proceed),
        ];
        for (date, verdict) in cases {
            assert_eq!(
                conditional("if-modified-since", date).evaluate(version(), Intent::Read),
                verdict,
                "{date}"
            );
        }
    }

    #[test]
    fn if_unmodified_since_fails_after_a_change() {
        let before = conditional("if-unmodified-since", "Sun, 06 Nov 1994 08:49:36 GMT");
        assert_eq!(before.evaluate(version(), Intent::Write), Verdict::Failed);
        let after = conditional("if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(after.evaluate(version(), Intent::Write), Verdict::Proceed);
    }
}
