//! Whether both sides are the same, with nothing lost and nothing invented.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{Ledger, tokens};
use crate::endpoint::Fetched;
use crate::{Loss, Object, Pair, Side};

/// What is wrong.
pub(super) fn violations(
    sides: &Pair<Vec<Fetched>>,
    losses: &[Loss],
    ledger: &Ledger,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let objects = Pair::from_fn(|side| by_uid(side, sides.of(side), &mut wrong));
    let uids: BTreeSet<_> = objects.a.keys().chain(objects.b.keys()).collect();
    for uid in uids {
        match (objects.a.get(uid), objects.b.get(uid)) {
            (Some(a), Some(b)) if a.says_the_same(b) => {}
            (Some(_), Some(_)) => wrong.push(format!("{uid} differs")),
            (Some(_), None) => wrong.push(format!("{uid} is on a only")),
            (None, _) => wrong.push(format!("{uid} is on b only")),
        }
    }
    let lost = losses
        .iter()
        .flat_map(|loss| tokens_of(loss.body.as_bytes()));
    check_tokens(&objects.a, &lost.collect(), ledger, &mut wrong);
    wrong
}

fn by_uid(side: Side, fetched: &[Fetched], wrong: &mut Vec<String>) -> BTreeMap<String, Object> {
    let mut objects = BTreeMap::new();
    for item in fetched {
        match Object::read(item.body.clone()) {
            Ok(object) => {
                let uid = object.uid().to_string();
                if objects.insert(uid.clone(), object).is_some() {
                    wrong.push(format!("{uid} is on {side} twice"));
                }
            }
            Err(error) => wrong.push(format!("{} on {side}: {error}", item.place.id)),
        }
    }
    objects
}

fn check_tokens(
    objects: &BTreeMap<String, Object>,
    lost: &BTreeSet<String>,
    ledger: &Ledger,
    wrong: &mut Vec<String>,
) {
    let mut present = BTreeSet::new();
    for (uid, object) in objects {
        if !ledger.created.contains(uid) {
            wrong.push(format!("{uid} was invented"));
        }
        let here = tokens_of(object.body().as_bytes());
        for token in &here {
            if ledger.written.get(token) != Some(uid) {
                wrong.push(format!("{token} was never written to {uid}"));
            }
        }
        let dead = here
            .iter()
            .filter(|token| ledger.superseded.contains(*token));
        if ledger.uncertain.contains(uid) {
            // Nobody can tell.
        } else if ledger.deleted.contains(uid) {
            // A deletion that a change elsewhere has beaten brings back what
            // the change came with.
            if dead.count() == here.len() {
                wrong.push(format!("{uid} was deleted and is back"));
            }
        } else {
            let back = |token| format!("{token} of {uid} was written over and is back");
            wrong.extend(dead.map(back));
        }
        present.extend(here);
    }
    for (token, uid) in &ledger.written {
        let is_known =
            present.contains(token) || ledger.superseded.contains(token) || lost.contains(token);
        if !is_known {
            wrong.push(format!("{token} of {uid} is lost"));
        }
    }
}

fn tokens_of(bytes: &[u8]) -> BTreeSet<String> {
    // Tokens are short; folded lines are unfolded first.
    let text = String::from_utf8_lossy(bytes)
        .replace("\r\n ", "")
        .replace("\n ", "");
    tokens(&text)
}
