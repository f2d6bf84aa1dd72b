//! Whether the endpoints can carry what a step writes.

use super::{Action, SkipReason, Step};
use crate::endpoint::Access;
use crate::snapshot::Snapshot;
use crate::{Body, Object, Pair};

/// Why a step cannot be taken, if so.
pub(super) fn obstacle(step: &Step, snapshots: &Pair<Snapshot>) -> Option<SkipReason> {
    step.writes.iter().find_map(|write| {
        let side = write.side;
        let capabilities = &snapshots.of(side).description.capabilities;
        if capabilities.access == Access::ReadOnly {
            return Some(SkipReason::ReadOnly(side));
        }
        let body = match &write.action {
            Action::Create { body } | Action::Update { body, .. } => body,
            Action::Delete { .. } => return None,
        };
        let size = u64::try_from(body.as_bytes().len()).unwrap_or(u64::MAX);
        if capabilities.max_size.is_some_and(|most| size > most) {
            return Some(SkipReason::TooLarge(side));
        }
        let taken = capabilities.components.as_ref()?;
        let kind = kind_of(body);
        (!taken.contains(&kind)).then_some(SkipReason::Unsupported(side, kind))
    })
}

fn kind_of(body: &Body) -> String {
    Object::read(body.clone()).map_or_else(|_| String::new(), |object| object.kind().to_owned())
}
