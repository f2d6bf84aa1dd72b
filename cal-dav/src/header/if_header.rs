//! `If` (RFC 4918 section 10.4).

use std::str::FromStr;

use super::LockToken;
use crate::{ETag, Error, Href};

/// The most conditions that one header field may hold.
const MAX_CONDITIONS: usize = 256;

/// The lists of an `If` header field: it holds if one of them does.
///
/// ```
/// use cal_dav::header::{IfHeader, State};
///
/// let field: IfHeader = "(<urn:uuid:1> [\"e1\"]) (Not <DAV:no-lock>)".parse()?;
/// let locked = |state: &State| matches!(state, State::Token(token) if token.as_str() == "urn:uuid:1");
/// assert!(field.holds(|_, state| locked(state) || matches!(state, State::ETag(_))));
/// assert!(field.holds(|_, _| false), "the second list holds without any state");
/// # Ok::<(), cal_dav::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfHeader {
    /// The lists, in order.
    pub lists: Vec<ConditionList>,
}

/// Conditions that must hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionList {
    /// The resource they are about; the one the request names where absent.
    pub resource: Option<Href>,
    /// The conditions, at least one.
    pub conditions: Vec<Condition>,
}

/// One condition on the state of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Whether the resource must not have the state.
    pub negated: bool,
    /// The state.
    pub state: State,
}

/// A state that a resource may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is under the lock with this token.
    Token(LockToken),
    /// It has this entity tag.
    ETag(ETag),
}

impl IfHeader {
    /// Whether the field holds, where `has` says whether a resource (`None`:
    /// that of the request) has a state.
    pub fn holds(&self, mut has: impl FnMut(Option<&Href>, &State) -> bool) -> bool {
        self.lists.iter().any(|list| {
            list.conditions
                .iter()
                .all(|condition| has(list.resource.as_ref(), &condition.state) != condition.negated)
        })
    }

    /// The lock tokens that the client shows it knows, negated ones left out.
    pub fn tokens(&self) -> impl Iterator<Item = (Option<&Href>, &LockToken)> {
        self.lists.iter().flat_map(|list| {
            list.conditions
                .iter()
                .filter_map(|condition| match &condition.state {
                    State::Token(token) if !condition.negated => {
                        Some((list.resource.as_ref(), token))
                    }
                    State::Token(_) | State::ETag(_) => None,
                })
        })
    }
}

impl FromStr for IfHeader {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut scanner = Scanner {
            text,
            rest: text.trim_ascii_start(),
            conditions: 0,
        };
        let mut lists = Vec::new();
        let mut resource = None;
        while !scanner.rest.is_empty() {
            if let Some(uri) = scanner.bracketed('<', '>')? {
                let href: Result<Href, _> = uri.parse();
                let href = href.ok().filter(|href| !href.as_str().contains(' '));
                resource = Some(href.ok_or_else(|| scanner.fault("not a URI"))?);
                if !scanner.rest.starts_with('(') {
                    return Err(scanner.fault("a resource without a list"));
                }
            }
            lists.push(ConditionList {
                resource: resource.clone(),
                conditions: scanner.list()?,
            });
        }
        if lists.is_empty() {
            return Err(scanner.fault("no list"));
        }
        Ok(Self { lists })
    }
}

struct Scanner<'t> {
    text: &'t str,
    rest: &'t str,
    conditions: usize,
}

impl<'t> Scanner<'t> {
    fn fault(&self, reason: &'static str) -> Error {
        Error::value("If", reason, self.text)
    }

    fn take(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest.trim_ascii_start();
                true
            }
            None => false,
        }
    }

    /// What stands between two brackets, if the first comes next.
    fn bracketed(&mut self, open: char, close: char) -> Result<Option<&'t str>, Error> {
        let Some(inside) = self.rest.strip_prefix(open) else {
            return Ok(None);
        };
        let (inside, rest) = inside
            .split_once(close)
            .ok_or_else(|| self.fault("a bracket is not closed"))?;
        self.rest = rest.trim_ascii_start();
        Ok(Some(inside))
    }

    fn list(&mut self) -> Result<Vec<Condition>, Error> {
        if !self.take("(") {
            return Err(self.fault("a list starts with a parenthesis"));
        }
        let mut conditions = Vec::new();
        while !self.take(")") {
            self.conditions += 1;
            if self.conditions > MAX_CONDITIONS {
                return Err(self.fault("too many conditions"));
            }
            conditions.push(self.condition()?);
        }
        if conditions.is_empty() {
            return Err(self.fault("an empty list"));
        }
        Ok(conditions)
    }

    fn condition(&mut self) -> Result<Condition, Error> {
        let negated = self
            .rest
            .split_at_checked(3)
            .filter(|(word, _)| word.eq_ignore_ascii_case("not"))
            .map(|(_, rest)| rest.trim_ascii_start());
        if let Some(rest) = negated {
            self.rest = rest;
        }
        let state = if let Some(uri) = self.bracketed('<', '>')? {
            State::Token(LockToken::new(uri)?)
        } else if let Some(tag) = self.bracketed('[', ']')? {
            State::ETag(tag.parse()?)
        } else {
            return Err(self.fault("neither a token nor an entity tag"));
        };
        Ok(Condition {
            negated: negated.is_some(),
            state,
        })
    }
}
