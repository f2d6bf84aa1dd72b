//! The head of a content line (RFC 5545 3.1): name and parameters, up to the colon.

use memchr::memchr;

use crate::Rule;

/// Where the parts of an unfolded line are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// Length of the name.
    pub(crate) name: usize,
    /// Offset of the value, one past the colon.
    pub(crate) value: usize,
    /// How many parameters there are.
    pub(crate) parameters: usize,
    /// Where the first value of its `VALUE` parameter is, if it has one.
    pub(crate) declared: Option<(usize, usize)>,
    /// A rule that the head breaks although its parts can be told apart, and where.
    pub(crate) flaw: Option<(Rule, usize)>,
}

/// Finds the parts of a line, or the rule that keeps it from having any.
#[inline]
pub(crate) fn split(line: &[u8]) -> Result<Head, (Rule, usize)> {
    let name = name_length(line);
    match line.get(name) {
        Some(b':') if name > 0 => Ok(Head {
            name,
            value: name + 1,
            parameters: 0,
            declared: None,
            flaw: None,
        }),
        Some(b';') if name > 0 => Parameters::new(line, name).walk(),
        _ => odd_name(line, name),
    }
}

/// Letters, digits and the hyphen: what names are made of.
#[inline]
pub(crate) fn is_name_byte(byte: u8) -> bool {
    NAME_BYTES.get(usize::from(byte)).is_some_and(|&is| is)
}

/// How many bytes a text begins with that may stand in a name.
#[inline]
fn name_length(text: &[u8]) -> usize {
    text.iter()
        .position(|&byte| !is_name_byte(byte))
        .unwrap_or(text.len())
}

static NAME_BYTES: [bool; 256] = name_bytes();

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "runs in the compiler"
)]
const fn name_bytes() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte as u8 == b'-';
        byte += 1;
    }
    table
}

/// A name with a character it must not have: usable if it still looks like one.
fn odd_name(line: &[u8], from: usize) -> Result<Head, (Rule, usize)> {
    let stop = line
        .iter()
        .position(|&b| matches!(b, b':' | b';'))
        .ok_or((Rule::NoColon, 0))?;
    let name = line.get(..stop).unwrap_or_default();
    let token = name.trim_ascii_end();
    let plausible = token.first().is_some_and(u8::is_ascii_alphabetic)
        && token
            .iter()
            .all(|&b| is_name_byte(b) || matches!(b, b'_' | b'.' | b'/' | b'+'));
    if !plausible {
        return Err((Rule::BadName, 0));
    }
    let mut head = if line.get(stop) == Some(&b';') {
        Parameters::new(line, stop).walk()?
    } else {
        Head {
            name: stop,
            value: stop + 1,
            parameters: 0,
            declared: None,
            flaw: None,
        }
    };
    head.name = token.len();
    head.flaw = Some((Rule::BadName, from));
    Ok(head)
}

/// Walks `;name=value,"value"...` up to the colon.
struct Parameters<'a> {
    line: &'a [u8],
    name: usize,
    at: usize,
    count: usize,
    declared: Option<(usize, usize)>,
    flaw: Option<(Rule, usize)>,
}

impl<'a> Parameters<'a> {
    fn new(line: &'a [u8], name: usize) -> Self {
        Parameters {
            line,
            name,
            at: name,
            count: 0,
            declared: None,
            flaw: None,
        }
    }

    fn walk(mut self) -> Result<Head, (Rule, usize)> {
        while self.peek() == Some(b';') {
            self.at += 1;
            self.count += 1;
            let is_type = self.parameter_name().eq_ignore_ascii_case(b"VALUE");
            while matches!(self.peek(), Some(b'=' | b',')) {
                self.at += 1;
                let start = self.at;
                if !self.value() {
                    return self.unclosed();
                }
                if is_type {
                    self.declared.get_or_insert((start, self.at));
                }
            }
        }
        if self.peek() != Some(b':') {
            return Err((Rule::NoColon, self.at));
        }
        Ok(self.head())
    }

    fn head(&self) -> Head {
        Head {
            name: self.name,
            value: self.at + 1,
            parameters: self.count,
            declared: self.declared,
            flaw: self.flaw,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    fn parameter_name(&mut self) -> &'a [u8] {
        let start = self.at;
        let rest = self.line.get(start..).unwrap_or_default();
        let plain = name_length(rest);
        self.at = start + plain;
        if plain > 0 && self.peek() == Some(b'=') {
            return rest.get(..plain).unwrap_or_default();
        }
        self.flaw.get_or_insert((Rule::BadParameter, start));
        let stop = rest.iter().position(|&b| matches!(b, b'=' | b';' | b':'));
        let length = stop.unwrap_or(rest.len());
        self.at = start + length;
        rest.get(..length).unwrap_or_default().trim_ascii()
    }

    /// Steps over one parameter value; false if a quote in it is never closed.
    fn value(&mut self) -> bool {
        let start = self.at;
        let mut quoted = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    if self.at != start {
                        self.flaw.get_or_insert((Rule::BadParameter, self.at));
                    }
                    let rest = self.line.get(self.at + 1..).unwrap_or_default();
                    let Some(close) = memchr(b'"', rest) else {
                        return false;
                    };
                    self.at += close + 2;
                    quoted = true;
                    continue;
                }
                b',' | b';' | b':' => return true,
                _ if quoted => {
                    self.flaw.get_or_insert((Rule::BadParameter, self.at));
                }
                _ => {}
            }
            self.at += 1;
        }
        true
    }

    /// The quote at `at` has no partner: read the rest as if quotes meant nothing.
    fn unclosed(mut self) -> Result<Head, (Rule, usize)> {
        self.flaw = Some((Rule::UnclosedQuote, self.at));
        let rest = self.line.get(self.at..).unwrap_or_default();
        let colon = memchr(b':', rest).ok_or((Rule::UnclosedQuote, self.at))?;
        self.at += colon;
        Ok(self.head())
    }
}
