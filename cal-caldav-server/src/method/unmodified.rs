//! `If-Unmodified-Since` on writes (RFC 9110 section 13.1.4), which the store does not compare.

use cal_store::{Collection, ObjectName};

use crate::conditional::{Conditional, Version};
use crate::exchange::Exchange;
use crate::refusal::Refusal;

/// Refuses the write of an object that was changed after the date that a client knows.
pub(crate) async fn check(
    exchange: &Exchange,
    conditional: &Conditional,
    parent: &Collection,
    name: &ObjectName,
) -> Result<(), Refusal> {
    if !conditional.is_dated() {
        return Ok(());
    }
    let object = exchange.site.store.object(parent.id, name).await?;
    let etag = object.as_ref().map(|object| object.entry.etag.to_string());
    let version = object
        .as_ref()
        .zip(etag.as_deref())
        .map(|(object, etag)| Version {
            etag,
            modified: object.entry.modified.to_date_time(),
        });
    match conditional.allows_write(version) {
        true => Ok(()),
        false => Err(Refusal::PreconditionFailed),
    }
}
