//! Fixes: a stretch of the text and what to put in its place.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;

use super::Finding;
use crate::text::fold::fold_into;
use crate::tree::Tree;
use crate::tree::line::{Form, Line};
use crate::{Calendar, Property, Rule};

/// A change of the text that mends one finding and alters nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    range: Range<usize>,
    replacement: String,
    title: &'static str,
}

impl Fix {
    /// The bytes of the text that it replaces.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// What it puts there.
    #[must_use]
    pub fn replacement(&self) -> &str {
        &self.replacement
    }

    /// What it does, in a few words.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.title
    }
}

/// The text with all the fixes of some findings made. Of fixes that overlap
/// the first is made; checking the result finds the others again.
#[must_use]
pub fn apply_fixes(text: &[u8], findings: &[Finding]) -> Bytes {
    let mut fixes: Vec<&Fix> = findings.iter().filter_map(Finding::fix).collect();
    fixes.sort_by_key(|fix| (fix.range.start, fix.range.end));
    let mut out = Vec::with_capacity(text.len() + 256);
    let mut at = 0;
    for fix in fixes {
        let Some(before) = text.get(at..fix.range.start) else {
            continue;
        };
        out.extend_from_slice(before);
        out.extend_from_slice(fix.replacement.as_bytes());
        at = fix.range.end;
    }
    out.extend_from_slice(text.get(at..).unwrap_or_default());
    out.into()
}

/// Gives the findings of the reader and of the line check the fixes they can have.
pub(super) fn attach(calendar: &Calendar, findings: &mut [Finding]) {
    for finding in findings {
        let number = finding.line();
        let found = calendar
            .tree
            .lines
            .partition_point(|line| line.number <= number);
        let Some(&line) = found
            .checked_sub(1)
            .and_then(|index| calendar.tree.lines.get(index))
        else {
            continue;
        };
        finding.fix = fix_for(finding.rule, calendar, line);
    }
}

fn fix_for(rule: Rule, calendar: &Calendar, line: Line) -> Option<Fix> {
    let start = line.start as usize;
    let after_name = start + usize::from(line.name);
    let insert = |at: usize, text: &str, title| {
        Some(Fix {
            range: at..at,
            replacement: text.to_owned(),
            title,
        })
    };
    match rule {
        Rule::DateWithoutValue if !line.is(Form::FOLDED) => insert(
            after_name,
            ";VALUE=DATE",
            "announce the date with VALUE=DATE",
        ),
        Rule::TriggerWithoutValue if !line.is(Form::FOLDED) => insert(
            after_name,
            ";VALUE=DATE-TIME",
            "announce the time with VALUE=DATE-TIME",
        ),
        Rule::MissingVersion => {
            let text = format!("VERSION:2.0{}", calendar.tree.eol);
            insert(calendar.tree.next_offset(line), &text, "add VERSION:2.0")
        }
        Rule::Blanks => {
            let value = start + line.value as usize;
            let raw = calendar.tree.value(line);
            let name = std::str::from_utf8(raw.trim_ascii()).ok()?.to_owned();
            let range = value..line.end as usize;
            (!line.is(Form::FOLDED)).then_some(Fix {
                range,
                replacement: name,
                title: "remove the blanks",
            })
        }
        Rule::LongLine if !line.is(Form::RAW) => {
            let text = [calendar.tree.head(line), &calendar.tree.value(line)].concat();
            rewritten(&calendar.tree, line, &text, "fold the line")
        }
        _ => None,
    }
}

/// Announces the URI that a property has for a value.
pub(super) fn declared_uri(property: &Property<'_>) -> Option<Fix> {
    let line = property.content_line();
    let after_name = line.start as usize + usize::from(line.name);
    (!line.is(Form::FOLDED)).then(|| Fix {
        range: after_name..after_name,
        replacement: ";VALUE=URI".to_owned(),
        title: "announce the URI with VALUE=URI",
    })
}

/// Gives a rule another UNTIL and leaves its other parts as they stand.
pub(super) fn until(property: &Property<'_>, until: &str) -> Option<Fix> {
    let (tree, line) = (property.tree, property.content_line());
    let raw = property.raw_value();
    let name = |part: &str| Some(part.split_once('=')?.0.to_owned());
    let is_until = |part: &str| name(part).is_some_and(|name| name.eq_ignore_ascii_case("UNTIL"));
    if raw.split(';').filter(|part| is_until(part)).count() != 1 {
        return None;
    }
    let parts: Vec<Cow<'_, str>> = raw
        .split(';')
        .map(|part| match name(part) {
            Some(name) if is_until(part) => format!("{name}={until}").into(),
            _ => part.into(),
        })
        .collect();
    let text = [tree.head(line), parts.join(";").as_bytes()].concat();
    rewritten(
        tree,
        line,
        &text,
        "give UNTIL the type that DTSTART asks for",
    )
}

/// Puts a content line in the place of another, folded where it must be.
fn rewritten(tree: &Tree, line: Line, text: &[u8], title: &'static str) -> Option<Fix> {
    let mut folded = Vec::new();
    fold_into(&mut folded, text, tree.eol.as_bytes());
    let folded = String::from_utf8(folded).ok()?;
    Some(Fix {
        range: line.start as usize..line.end as usize,
        replacement: folded.strip_suffix(tree.eol)?.to_owned(),
        title,
    })
}
