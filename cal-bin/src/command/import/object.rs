//! One object to be imported: all components of one UID.

use bytes::Bytes;
use cal_core::{Component, PropertyKind};
use cal_store::{ObjectName, Uid};
use chrono::NaiveDateTime;
use sha2::{Digest, Sha256};

use super::report::Skipped;

/// A calendar object made of a part of a file.
#[derive(Debug)]
pub(super) struct ImportObject {
    pub(super) uid: Uid,
    /// `VEVENT`, `VTODO`, ...
    pub(super) component: String,
    pub(super) revision: Revision,
    /// Whether it has more than changed instances of a series.
    pub(super) has_master: bool,
    pub(super) body: Bytes,
    pub(super) file: String,
    /// The lines that its components begin in, from 1.
    pub(super) lines: Vec<u32>,
}

/// Which of two versions is the later one (RFC 5546 2.1.5): the higher SEQUENCE,
/// then the later DTSTAMP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Revision {
    pub(super) sequence: i32,
    pub(super) stamp: Option<NaiveDateTime>,
}

impl Revision {
    /// What a component says of its version.
    pub(super) fn of(component: Component<'_>) -> Revision {
        let sequence = component.first(PropertyKind::Sequence);
        let stamp = component.first(PropertyKind::DtStamp);
        Revision {
            sequence: sequence
                .and_then(|sequence| sequence.integer().ok())
                .unwrap_or(0),
            stamp: stamp
                .and_then(|stamp| stamp.moment().ok())
                .map(|stamp| stamp.local()),
        }
    }
}

impl ImportObject {
    /// This object, component by component, as one that was left out.
    pub(super) fn skipped(&self, reason: &str) -> impl Iterator<Item = Skipped> {
        self.lines.iter().map(move |line| Skipped {
            file: self.file.clone(),
            line: *line,
            component: self.component.clone(),
            uid: Some(self.uid.to_string()),
            reason: reason.to_owned(),
        })
    }

    /// The name to store it under: its UID where that makes a plain name, else a
    /// digest of it.
    pub(super) fn name(&self) -> Result<ObjectName, cal_store::Error> {
        const LONGEST: usize = 120;
        let uid = self.uid.as_str();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
        if uid.len() <= LONGEST && !uid.starts_with('.') && uid.chars().all(plain) {
            ObjectName::new(format!("{uid}.ics"))
        } else {
            self.digest_name()
        }
    }

    /// A name that no other UID has.
    pub(super) fn digest_name(&self) -> Result<ObjectName, cal_store::Error> {
        ObjectName::new(format!("{}.ics", digest(self.uid.as_str().as_bytes())))
    }
}

/// 128 bits of SHA-256 in hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write;

    let mut digits = String::with_capacity(32);
    for octet in Sha256::digest(bytes).iter().take(16) {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{octet:02x}");
    }
    digits
}
