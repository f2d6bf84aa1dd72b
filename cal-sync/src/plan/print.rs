//! A plan for people.

use std::fmt;

use super::{Action, Plan, Reason, Skip, SkipReason, Step};
use crate::Side;

/// One line a step: what is written where (`+` adds, `~` changes, `-` deletes,
/// `=` only takes note), which object, and why.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for side in Side::BOTH {
            let (name, identity) = (self.names.of(side), self.identities.of(side));
            writeln!(f, "{side}: {} ({})", Plain(name), Plain(identity.as_str()))?;
        }
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        for skip in &self.skipped {
            writeln!(f, "skipped: {skip}")?;
        }
        let count = |wanted: fn(&Action) -> bool| {
            let writes = self.steps.iter().flat_map(|step| &step.writes);
            writes.filter(|write| wanted(&write.action)).count()
        };
        let created = count(|action| matches!(action, Action::Create { .. }));
        let updated = count(|action| matches!(action, Action::Update { .. }));
        let deleted = count(|action| matches!(action, Action::Delete { .. }));
        let skipped = self.skipped.len();
        write!(
            f,
            "{created} to create, {updated} to update, {deleted} to delete, {skipped} skipped"
        )?;
        for hold in &self.holds {
            write!(f, "\nheld for approval: {hold}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.writes.is_empty() {
            f.write_str("  = ")?;
        }
        for write in &self.writes {
            let sign = match write.action {
                Action::Create { .. } => '+',
                Action::Update { .. } => '~',
                Action::Delete { .. } => '-',
            };
            write!(f, "  {sign} {}", write.side)?;
        }
        write!(f, "  {}", Plain(self.uid.as_str()))?;
        if let Some(title) = &self.title {
            write!(f, " \"{}\"", Plain(title))?;
        }
        write!(f, ": {}", self.reason)?;
        if let Some(lost) = &self.lost {
            let over = lost.over.join(", ");
            write!(f, "; the version of {} gives way over {over}", lost.side)?;
        }
        Ok(())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New(side) => write!(f, "new on {side}"),
            Self::Changed(side) => write!(f, "changed on {side}"),
            Self::ChangedOnBoth => f.write_str("changed on both sides, merged"),
            Self::Collision(side) => write!(f, "changed on both sides, {side} wins"),
            Self::Deleted(side) => write!(f, "deleted on {side}"),
            Self::ChangeBeatsDeletion(side) => {
                write!(f, "changed on {side}, deleted on {}", side.other())
            }
            Self::DeletionBeatsChange(side) => {
                write!(f, "deleted on {side}, changed on {}", side.other())
            }
            Self::MissingFollower(side) => write!(f, "missing on {side}, which follows"),
            Self::ChangedFollower(side) => write!(f, "changed on {side}, which follows"),
            Self::Adopted => f.write_str("on both sides already"),
            Self::Noted => f.write_str("the same on both sides, noted"),
            Self::Gone => f.write_str("gone from both sides"),
        }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        if let Some(uid) = &self.uid {
            write!(f, "{}", Plain(uid.as_str()))?;
            between = " ";
        }
        if let Some(title) = &self.title {
            write!(f, "{between}\"{}\"", Plain(title))?;
            between = " ";
        }
        for (side, id) in &self.at {
            write!(f, "{between}{side}:{}", Plain(id.as_str()))?;
            between = " ";
        }
        write!(f, ": {}", self.why)
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(reason) => write!(f, "cannot be read: {reason}"),
            Self::Duplicates(side) => write!(f, "objects of {side} have the same UID and differ"),
            Self::Copies(side) => write!(f, "copies of another object of {side}"),
            Self::Uncertain(side, reason) => {
                write!(f, "may be missing from the listing of {side}: {reason}")
            }
            Self::ReadOnly(side) => write!(f, "{side} is read-only"),
            Self::Unsupported(side, kind) => write!(f, "{side} takes no {kind}"),
            Self::TooLarge(side) => write!(f, "larger than {side} takes"),
        }
    }
}

/// Text of others, with what could act on a terminal made visible.
struct Plain<'a>(&'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if c.is_control() {
                write!(f, "{}", c.escape_default())?;
            } else {
                write!(f, "{c}")?;
            }
        }
        Ok(())
    }
}
