//! How good a slot is, and why.

use std::fmt::Write as _;

use chrono::TimeDelta;

use super::prepared::{COMFORT, Person, Prepared};
use super::{Factor, Outside, Share, Suggestion};
use crate::Interval;
use crate::disjoint::touches;
use crate::suggest::preference::Liking;

/// The score of a slot, from 0 to 1.
pub(super) fn of(prepared: &Prepared<'_>, slot: &Interval) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for factor in Factor::ALL {
        let weight = prepared.request.weights.of(factor);
        if weight > 0.0
            && let Some(value) = value(factor, prepared, slot)
        {
            sum += weight * value;
            weights += weight;
        }
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}

/// The slot with its score in parts and in words.
pub(super) fn explained(prepared: &Prepared<'_>, slot: &Interval) -> Suggestion {
    let weight = |factor| prepared.request.weights.of(factor);
    let mut shares: Vec<Share> = Factor::ALL
        .into_iter()
        .filter(|factor| weight(*factor) > 0.0)
        .filter_map(|factor| {
            Some(Share {
                factor,
                value: value(factor, prepared, slot)?,
                share: 0.0,
            })
        })
        .collect();
    let total: f64 = shares.iter().map(|share| weight(share.factor)).sum();
    for share in &mut shares {
        share.share = share.value * weight(share.factor) / total;
    }
    let absent = prepared
        .people
        .iter()
        .filter(|person| !person.who.is_required() && !person.can(slot));
    Suggestion {
        interval: *slot,
        score: of(prepared, slot),
        shares,
        room: prepared.free_room(slot).map(str::to_owned),
        outside: prepared
            .required()
            .filter_map(|person| outside(person, slot))
            .collect(),
        absent: absent.map(|person| person.who.name.clone()).collect(),
        reasons: reasons(prepared, slot),
    }
}

/// How well a slot does by a factor, from 0 to 1; `None` if that does not apply
/// to the request.
fn value(factor: Factor, prepared: &Prepared<'_>, slot: &Interval) -> Option<f64> {
    match factor {
        Factor::Preference => preference(prepared, slot),
        Factor::Hours => {
            let with_hours = || prepared.required().filter(|person| person.hours.is_some());
            let outside = |person: &Person<'_>| ratio(person.outside(slot), slot.length());
            Some(1.0 - mean(with_hours().map(outside))?)
        }
        Factor::Buffer => share_of(prepared, |person| {
            let (before, after) = person.gaps_around(slot);
            before >= COMFORT && after >= COMFORT
        }),
        Factor::Compactness => share_of(prepared, |person| {
            let (before, after) = person.gaps_around(slot);
            before <= COMFORT || after <= COMFORT
        }),
        Factor::Room => {
            let wanted = !prepared.request.rooms.is_empty();
            wanted.then(|| f64::from(u8::from(prepared.free_room(slot).is_some())))
        }
        Factor::Optional => {
            let optional = prepared
                .people
                .iter()
                .filter(|person| !person.who.is_required());
            mean(optional.map(|person| f64::from(u8::from(person.can(slot)))))
        }
        Factor::Tentative => {
            let applies = prepared.request.tentative == super::Tentative::Counts;
            let free = |person: &Person<'_>| !touches(&person.tentative, slot);
            applies.then(|| share_of(prepared, free)).flatten()
        }
        Factor::Fairness => fairness(prepared, slot),
        Factor::Soonness => {
            let ahead = slot.start() - prepared.window.start();
            Some(1.0 - ratio(ahead, prepared.window.length()))
        }
    }
}

/// Halfway between like and dislike for those who say nothing.
fn preference(prepared: &Prepared<'_>, slot: &Interval) -> Option<f64> {
    let value = |likings: &[Liking<'_>]| {
        let about = likings.iter().filter(|liking| liking.is_about(slot));
        let sum: f64 = about.map(|liking| liking.strength).sum();
        f64::midpoint(1.0, sum.clamp(-1.0, 1.0))
    };
    let own = prepared.required().map(|person| person.likings.as_slice());
    let asked = own.chain([prepared.likings.as_slice()]);
    mean(asked.filter(|likings| !likings.is_empty()).map(value))
}

/// Of the minutes outside of hours, how few fall on those who had most before.
fn fairness(prepared: &Prepared<'_>, slot: &Interval) -> Option<f64> {
    let burdens = prepared.required().map(|person| person.who.burden);
    let most = burdens.max().filter(|most| *most > TimeDelta::zero())?;
    let (mut now, mut before) = (0.0, 0.0);
    for person in prepared.required() {
        let outside = ratio(person.outside(slot), slot.length());
        now += outside;
        before += outside * ratio(person.who.burden, most);
    }
    Some(if now > 0.0 { 1.0 - before / now } else { 1.0 })
}

fn share_of(prepared: &Prepared<'_>, holds: impl Fn(&Person<'_>) -> bool) -> Option<f64> {
    mean(
        prepared
            .required()
            .map(|person| f64::from(u8::from(holds(person)))),
    )
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0_u32, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| sum / f64::from(count))
}

/// What part of `whole` a length is, from 0 to 1.
fn ratio(part: TimeDelta, whole: TimeDelta) -> f64 {
    let whole = whole.as_seconds_f64();
    if whole > 0.0 {
        (part.as_seconds_f64() / whole).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

/// The person, if the slot is outside of their hours.
pub(super) fn outside(person: &Person<'_>, slot: &Interval) -> Option<Outside> {
    let outside = person.outside(slot);
    (outside > TimeDelta::zero()).then(|| Outside {
        name: person.who.name.clone(),
        minutes: minutes(outside),
        local: local(person, slot),
    })
}

/// Minutes, rounded up.
pub(super) fn minutes(length: TimeDelta) -> i64 {
    let whole = length.num_minutes();
    whole + i64::from(TimeDelta::minutes(whole) < length)
}

/// A slot on someone's clock.
fn local(person: &Person<'_>, slot: &Interval) -> String {
    let clock = |at| person.clock.local_time(at).format("%H:%M").to_string();
    format!("{}-{}", clock(slot.start()), clock(slot.end()))
}

fn reasons(prepared: &Prepared<'_>, slot: &Interval) -> Vec<String> {
    let mut reasons = liked(prepared, slot);
    if !prepared.request.rooms.is_empty() {
        reasons.push(match prepared.free_room(slot) {
            Some(room) => format!("{room} is free"),
            None => "no room is free".to_owned(),
        });
    }
    let outside = prepared
        .required()
        .filter_map(|person| outside(person, slot));
    reasons.extend(outside.map(|outside| outside.to_string()));
    let named = |holds: &dyn Fn(&Person<'_>) -> bool| {
        let people = prepared.required().filter(|person| holds(person));
        names(people.map(|person| person.who.name.as_str()))
    };
    let mut told = |text: &str, names: Option<String>| {
        reasons.extend(names.map(|names| format!("{text} {names}")));
    };
    let none = TimeDelta::zero();
    told(
        "back to back for",
        named(&|person| {
            let (before, after) = person.gaps_around(slot);
            before <= none || after <= none
        }),
    );
    told(
        "tentative for",
        named(&|person| touches(&person.tentative, slot)),
    );
    let absent = prepared
        .people
        .iter()
        .filter(|person| !person.who.is_required() && !person.can(slot));
    told(
        "without",
        names(absent.map(|person| person.who.name.as_str())),
    );
    reasons
}

/// What people like or avoid about a slot, each note with those who say it.
fn liked(prepared: &Prepared<'_>, slot: &Interval) -> Vec<String> {
    let mut notes: Vec<(&str, bool, Vec<&str>)> = Vec::new();
    let asker = prepared.likings.iter().map(|liking| (liking, None));
    let people = prepared.required().flat_map(|person| {
        let name = person.who.name.as_str();
        person
            .likings
            .iter()
            .map(move |liking| (liking, Some(name)))
    });
    for (liking, name) in asker.chain(people) {
        if liking.strength == 0.0 || !liking.is_about(slot) {
            continue;
        }
        let likes = liking.strength > 0.0;
        match notes
            .iter_mut()
            .find(|told| (told.0, told.1) == (liking.note, likes))
        {
            Some((.., people)) => people.extend(name),
            None => notes.push((liking.note, likes, name.into_iter().collect())),
        }
    }
    let all = prepared.required().count();
    let told = notes.into_iter().map(|(note, likes, people)| {
        let verb = if likes { "prefer" } else { "avoid" };
        match people.as_slice() {
            [] => note.to_owned(),
            many if many.len() == all && all > 1 => format!("{note}: all {verb} it"),
            [one] => format!("{note}: {one} {verb}s it"),
            many => {
                let names = names(many.iter().copied()).unwrap_or_default();
                format!("{note}: {names} {verb} it")
            }
        }
    });
    told.collect()
}

/// `Ada, Bob and Carol`; of more than a few the first and how many more.
pub(super) fn names<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    const TOLD: usize = 5;
    let names: Vec<&str> = names.collect();
    let (last, first) = names.split_last()?;
    if first.is_empty() {
        return Some((*last).to_owned());
    }
    if names.len() > TOLD {
        let mut text = names
            .iter()
            .take(TOLD)
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        let written = write!(text, " and {} more", names.len() - TOLD);
        debug_assert!(written.is_ok(), "a string takes all that is written");
        return Some(text);
    }
    Some(format!("{} and {last}", first.join(", ")))
}
