//! The text of a rule: where its parts stand, and what canonical form leaves
//! out.

use std::ops::Range;

use super::{Finding, FindingKind};
use crate::{Part, RRule};

/// Each known part of a text with the place of its value.
fn parts(text: &str) -> impl Iterator<Item = (Part, Range<usize>)> + '_ {
    let mut offset = 0;
    text.split(';').filter_map(move |piece| {
        let begun = offset;
        offset += piece.len() + 1;
        let (name, value) = piece.split_once('=')?;
        let part = Part::from_name(name.trim())?;
        let end = begun + piece.len();
        Some((part, end - value.len()..end))
    })
}

/// Finds the place of what a finding is about.
pub(super) fn locate(text: &str, finding: &mut Finding) {
    let Some(wanted) = finding.part else { return };
    let place = parts(text).find(|(part, _)| *part == wanted);
    finding.span = place.map(|(_, place)| place);
}

/// Finds defaults that are written out, and values that are written twice.
pub(super) fn check(text: &str, rule: &RRule, findings: &mut Vec<Finding>) {
    for (part, place) in parts(text) {
        let value = text.get(place).unwrap_or_default().trim();
        let plain = match part {
            Part::Interval => value.parse() == Ok(1_u32),
            Part::Wkst => value.eq_ignore_ascii_case("MO"),
            Part::Skip => value.eq_ignore_ascii_case("OMIT"),
            _ => false,
        };
        if plain {
            findings.push(Finding::new(FindingKind::Default, part).or_same(rule));
        }
        let twice = twice(value);
        if !twice.is_empty() {
            findings.push(Finding::new(FindingKind::Duplicates(twice), part).or_same(rule));
        }
    }
}

/// The values of a list that are there more than once, in plain form.
fn twice(list: &str) -> Vec<String> {
    let mut values: Vec<String> = list.split(',').map(plain).collect();
    values.sort_unstable();
    let mut twice: Vec<String> = values
        .iter()
        .zip(values.iter().skip(1))
        .filter(|(one, next)| one == next && !one.is_empty())
        .map(|(one, _)| one.clone())
        .collect();
    twice.dedup();
    twice
}

/// A value without plus sign, leading zeros and lower case.
fn plain(value: &str) -> String {
    let value = value.trim().to_ascii_uppercase();
    let (sign, rest) = match value.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", value.strip_prefix('+').unwrap_or(&value)),
    };
    let number = rest.trim_start_matches('0');
    let number = if number.is_empty() && !rest.is_empty() {
        "0"
    } else {
        number
    };
    format!("{sign}{number}")
}
