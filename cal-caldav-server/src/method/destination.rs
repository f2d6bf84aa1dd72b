//! `Destination` and `Overwrite` (RFC 4918 sections 10.3 and 10.6).

use cal_dav::Href;
use cal_store::{CollectionKind, Overwrite, Place};

use crate::attachment;
use crate::exchange::{Exchange, Target};
use crate::refusal::Refusal;
use crate::resource::Resource;

/// Where a resource is to go.
pub(crate) struct Destination {
    pub(crate) resource: Resource,
    pub(crate) place: Place,
    /// What the collection holds that the resource is to go to.
    pub(crate) holder: CollectionKind,
}

impl Destination {
    /// The destination of a request: a name in a collection that is the principal's own.
    pub(crate) async fn of(exchange: &Exchange) -> Result<Self, Refusal> {
        let header = exchange
            .header("destination")
            .ok_or_else(|| Refusal::malformed("there is no Destination header"))?;
        let href: Href = header.parse().map_err(Refusal::Header)?;
        if !exchange.authorities.are_of(&href) {
            return Err(Refusal::ElsewhereDestination);
        }
        if exchange.site.base.resolve(&href)?.is_none() {
            return Err(match href.origin() {
                Some(_) => Refusal::ElsewhereDestination,
                None => Refusal::NotFound,
            });
        }
        let (resource, target) = exchange.locate_href(&href).await?;
        let (collection, name, holder) = match target {
            Target::Member { parent, .. } if parent.kind == CollectionKind::Attachments => {
                return Err(Refusal::Forbidden(
                    "attachments come by POST to what has them",
                ));
            }
            Target::Member { parent, name } => {
                attachment::check_name(&parent, name.as_str())?;
                (parent.id, name, parent.kind)
            }
            // Only folders and homes hold collections.
            Target::Collection(there) if there.kind == CollectionKind::Attachments => {
                return Err(Refusal::Forbidden("attachments stay where they are"));
            }
            Target::Collection(there) => match there.parent {
                Some(parent) => (parent, (&there.name).into(), CollectionKind::Plain),
                None => return Err(Refusal::Forbidden("a home cannot be replaced")),
            },
            Target::Missing => return Err(Refusal::Conflict),
            _ => return Err(Refusal::Forbidden("nothing can be put there")),
        };
        Ok(Self {
            resource,
            place: Place { collection, name },
            holder,
        })
    }
}

/// What the client wants done to anything that is at the destination.
pub(crate) fn overwrite(exchange: &Exchange) -> Result<Overwrite, Refusal> {
    match exchange.header("overwrite").map(str::trim) {
        None | Some("T" | "t") => Ok(Overwrite::Replace),
        Some("F" | "f") => Ok(Overwrite::Refuse),
        Some(_) => Err(Refusal::malformed("the Overwrite header must be T or F")),
    }
}
