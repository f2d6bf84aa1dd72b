//! TEXT values: escapes that mean nothing, separators that were meant as text.

use memchr::memchr3;

use super::Finding;
use crate::vocabulary::Arity;
use crate::{Property, Rule, ValueType};

pub(super) fn check(property: &Property<'_>, findings: &mut Vec<Finding>) {
    if property.value_type() != ValueType::Text || property.kind().arity() == Arity::Parts {
        return;
    }
    let raw = property.raw_value();
    if memchr3(b'\\', b';', b',', raw.as_bytes()).is_none() {
        return;
    }
    let list = property.kind().arity() == Arity::List;
    let mut bytes = raw.bytes();
    let (mut bad_escape, mut unescaped) = (false, false);
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                bad_escape |= !matches!(bytes.next(), Some(b'\\' | b';' | b',' | b'n' | b'N'));
            }
            b';' => unescaped = true,
            b',' => unescaped |= !list,
            _ => {}
        }
    }
    if bad_escape {
        findings.push(Finding::at(Rule::BadEscape, property));
    }
    if unescaped {
        findings.push(Finding::at(Rule::Unescaped, property));
    }
}
