//! Attachments that a client names in what it stores (RFC 8607 section 3.7).

use bytes::Bytes;
use cal_dav::response::Precondition;
use cal_store::{Collection, CollectionKind, ObjectName, managed_ids};

use crate::exchange::Exchange;
use crate::refusal::Refusal;

/// Names that are looked up at a time.
const BATCH: usize = 500;

/// Refuses an object for a calendar that names an attachment which is neither there nor named by
/// the object that it replaces: what came from another server with its attachments can be edited.
pub(crate) async fn check(
    exchange: &Exchange,
    (parent, name): (&Collection, &ObjectName),
    body: &Bytes,
) -> Result<(), Refusal> {
    if !matches!(parent.kind, CollectionKind::Calendar(_)) || !may_attach(body) {
        return Ok(());
    }
    let mut unknown = managed_ids(body);
    if unknown.is_empty() {
        return Ok(());
    }
    let store = &exchange.site.store;
    if let Some(attachments) = store.attachments(parent.owner).await? {
        let mut missing = Vec::new();
        for ids in unknown.chunks(BATCH) {
            let (mut names, mut asked) = (Vec::new(), Vec::new());
            for id in ids {
                match ObjectName::new(id) {
                    Ok(name) => {
                        names.push(name);
                        asked.push(id.clone());
                    }
                    Err(_) => missing.push(id.clone()),
                }
            }
            let found = store.objects(attachments.id, &names).await?;
            let found = asked.into_iter().zip(found);
            missing.extend(found.filter_map(|(id, file)| file.is_none().then_some(id)));
        }
        unknown = missing;
    }
    if !unknown.is_empty()
        && let Some(before) = store.object(parent.id, name).await?
    {
        let before = managed_ids(&before.body);
        unknown.retain(|id| !before.contains(id));
    }
    match unknown.is_empty() {
        true => Ok(()),
        false => Err(Precondition::ValidManagedIdParameter.into()),
    }
}

/// Whether a line begins like one that attaches something.
fn may_attach(body: &[u8]) -> bool {
    const NAME: &[u8] = b"ATTACH";
    let mut lines = body.split(|byte| *byte == b'\n');
    lines.any(|line| {
        line.get(..NAME.len())
            .is_some_and(|name| name.eq_ignore_ascii_case(NAME))
    })
}
