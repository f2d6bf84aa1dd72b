//! `If-Match`, `If-None-Match` (RFC 9110 section 13.1).

use std::str::FromStr;

use crate::{ETag, Error};

/// What `If-Match` or `If-None-Match` lists.
///
/// ```
/// use cal_dav::ETag;
/// use cal_dav::header::{ETagCondition, Strictness};
///
/// let current = ETag::strong("h")?;
/// let listed: ETagCondition = "\"a\", \"h-gzip\"".parse()?;
/// assert!(listed.names(Some(&current), Strictness::ForgiveProxies));
/// assert!(!listed.names(Some(&current), Strictness::Strong));
/// assert!("*".parse::<ETagCondition>()?.names(Some(&current), Strictness::Strong));
/// assert!(!"*".parse::<ETagCondition>()?.names(None, Strictness::Strong));
/// # Ok::<(), cal_dav::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ETagCondition {
    /// `*`: any version at all.
    Any,
    /// These versions.
    Tags(Vec<ETag>),
}

/// How entity tags are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strictness {
    /// Strong comparison.
    Strong,
    /// Weak comparison, which `If-None-Match` uses.
    Weak,
    /// Strong, but forms that compressing proxies make of a tag count as it
    /// ([`ETag::is_meant_by`]); for `If-Match`.
    ForgiveProxies,
}

impl ETagCondition {
    /// Whether the current version (`None`: there is no resource) is listed.
    #[must_use]
    pub fn names(&self, current: Option<&ETag>, strictness: Strictness) -> bool {
        let Some(current) = current else {
            return false;
        };
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| match strictness {
                Strictness::Strong => current.strongly_equals(tag),
                Strictness::Weak => current.weakly_equals(tag),
                Strictness::ForgiveProxies => current.is_meant_by(tag),
            }),
        }
    }
}

impl FromStr for ETagCondition {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let mut tags = Vec::new();
        let mut rest = text.trim_ascii_start();
        while !rest.is_empty() {
            let (tag, after) = rest
                .split_at_checked(tag_length(rest))
                .unwrap_or((rest, ""));
            if !tag.trim().is_empty() {
                tags.push(tag.parse()?);
            }
            rest = after.trim_ascii_start();
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_ascii_start();
        }
        if tags.is_empty() {
            return Err(Error::value("entity tags", "none", text));
        }
        Ok(Self::Tags(tags))
    }
}

/// Up to the closing quote, or to the next comma for a tag without quotes.
fn tag_length(text: &str) -> usize {
    let opening = if text.starts_with("W/\"") { 3 } else { 1 };
    if text.starts_with('"') || opening == 3 {
        let inside = text.get(opening..).unwrap_or_default();
        return inside
            .find('"')
            .map_or(text.len(), |quote| opening + quote + 1);
    }
    text.find(',').unwrap_or(text.len())
}
