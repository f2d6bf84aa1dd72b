//! `ACL` (RFC 3744 section 8.1).
//!
//! What belongs to a user is theirs alone, by an entry that cannot be changed and beside which
//! there is no other: a list that says no more than that is taken, any other is refused with the
//! condition that it breaks.

use cal_dav::property::{Ace, AcePrincipal, Acl, Permission, Privilege, PropertyName};
use cal_dav::response::Precondition;
use http::Response;

use crate::access::{self, Access};
use crate::body::Body;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::incoming::Incoming;
use crate::resource::Resource;

pub(crate) async fn acl(exchange: Exchange, target: Target, body: &mut Incoming) -> Reply {
    let request: Acl = exchange.read_xml(body).await?;
    exchange.check_there(&target).await?;
    let access = access::access(&exchange.principal, &exchange.resource)?;
    if access != Access::Own {
        let needed = (exchange.href(&target), Privilege::WriteAcl);
        return Err(Precondition::NeedPrivileges(vec![needed]).into());
    }
    match request
        .entries
        .iter()
        .find_map(|entry| broken(&exchange, entry))
    {
        Some(condition) => Err(condition.into()),
        None => Ok(Response::new(Body::empty())),
    }
}

/// The condition that an entry breaks.
fn broken(exchange: &Exchange, entry: &Ace) -> Option<Precondition> {
    if entry.permission == Permission::Deny {
        return Some(Precondition::GrantOnly);
    }
    if entry.inverted {
        return Some(Precondition::NoInvert);
    }
    let known = Access::Own.privileges();
    if !entry.privileges.iter().all(|asked| known.contains(asked)) {
        return Some(Precondition::NotSupportedPrivilege);
    }
    if let Err(condition) = is_owner(exchange, &entry.principal) {
        return Some(condition);
    }
    let is_fixed = entry.privileges == [Privilege::All];
    (!is_fixed).then_some(Precondition::LimitedNumberOfAces)
}

/// Whether an entry is about the owner of the resource, who alone may be named. Whether another
/// user exists is not told.
fn is_owner(exchange: &Exchange, principal: &AcePrincipal) -> Result<(), Precondition> {
    match principal {
        AcePrincipal::Property(name) if name == PropertyName::Owner.name() => Ok(()),
        AcePrincipal::Href(href) => match exchange.site.base.resolve(href) {
            Ok(Some(Resource::Principal { user })) if user == exchange.principal.name.as_str() => {
                Ok(())
            }
            Ok(Some(Resource::Principal { .. })) => Err(Precondition::AllowedPrincipal),
            _ => Err(Precondition::RecognizedPrincipal),
        },
        _ => Err(Precondition::AllowedPrincipal),
    }
}
