//! A rule of the format that a text breaks, and where.

use std::fmt;

use crate::Rule;

/// How much of the offending text a fault quotes, in bytes.
const QUOTED: usize = 60;

/// A place in the input, as an editor counts it: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Physical line (a folded line has several), from 1.
    pub line: u32,
    /// Character in that line, from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One rule broken at one place: what a strict reading fails with and what a
/// lenient one warns of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    rule: Rule,
    position: Position,
    text: Box<str>,
}

impl Fault {
    pub(crate) fn new(rule: Rule, position: Position, text: &[u8]) -> Self {
        Fault {
            rule,
            position,
            text: quoted(text),
        }
    }

    /// The rule that is broken.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Where the offending text begins.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// Physical line of the offending text, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.position.line
    }

    /// Character in that line, from 1.
    #[must_use]
    pub fn column(&self) -> u32 {
        self.position.column
    }

    /// The offending text, cut to a few dozen bytes.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is wrong, in words, with the offending text but without the place.
    #[must_use]
    pub fn message(&self) -> String {
        if self.text.is_empty() {
            self.rule.to_string()
        } else {
            format!("{}: {:?}", self.rule, self.text)
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.message())?;
        match self.rule.section() {
            "" => Ok(()),
            section => write!(f, " ({section})"),
        }
    }
}

/// The beginning of a text, cut at a character boundary and marked when cut.
pub(crate) fn quoted(text: &[u8]) -> Box<str> {
    let cut = text.get(..QUOTED).unwrap_or(text);
    let mut quoted = String::from_utf8_lossy(cut).into_owned();
    if cut.len() < text.len() {
        while quoted.ends_with(char::REPLACEMENT_CHARACTER) {
            quoted.pop();
        }
        quoted.push('…');
    }
    quoted.into_boxed_str()
}
