//! What the users wrote, to hold the result against.

use std::collections::{BTreeMap, BTreeSet};

/// Everything users wrote is marked with a token, `t` and a number and `x`,
/// that appears nowhere else.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    /// The tokens ever written, and where.
    pub(super) written: BTreeMap<String, String>,
    /// The tokens that a user who saw them wrote over or deleted.
    pub(super) superseded: BTreeSet<String>,
    /// The objects ever made.
    pub(super) created: BTreeSet<String>,
    /// The objects that a user deleted on some side.
    pub(super) deleted: BTreeSet<String>,
    /// The objects that someone edited while the engine did not know whether
    /// its last write of them had arrived. It then keeps what it might better
    /// drop, or has a conflict where there is none; it must still lose nothing.
    pub(super) uncertain: BTreeSet<String>,
}

impl Ledger {
    /// A new token for an object.
    pub(super) fn token(&mut self, uid: &str) -> String {
        let token = format!("t{}x", self.written.len());
        self.written.insert(token.clone(), uid.to_owned());
        token
    }

    /// A user has seen these tokens and wants them gone.
    pub(super) fn supersede(&mut self, text: &str) {
        self.superseded.extend(tokens(text));
    }
}

/// The tokens in a text.
pub(super) fn tokens(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter(|word| is_token(word))
        .map(str::to_owned)
        .collect()
}

fn is_token(word: &str) -> bool {
    word.strip_prefix('t')
        .and_then(|rest| rest.strip_suffix('x'))
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}
