//! `DAV:acl-principal-prop-set` (RFC 3744 section 9.2): the principals that the ACL of a resource
//! names.

use cal_dav::property::AcePrincipal;
use cal_dav::report::AclPrincipalPropSet;
use cal_dav::response::MultistatusWriter;

use crate::access;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::multistatus;
use crate::property;
use crate::property::principal::PrincipalView;
use crate::property::wanted::Wanted;

pub(crate) async fn named(
    exchange: &Exchange,
    target: &Target,
    request: &AclPrincipalPropSet,
) -> Reply {
    exchange.check_there(target).await?;
    super::principals::check_depth(exchange)?;
    let access = access::access(&exchange.principal, &exchange.resource)?;
    let href = exchange.principal_href();
    let names_one = access
        .acl(href.clone())
        .entries
        .iter()
        .any(|entry| entry.principal == AcePrincipal::Href(href.clone()));
    let mut out = MultistatusWriter::new();
    if names_one {
        let view = PrincipalView {
            exchange,
            principal: &exchange.principal,
        };
        let wanted = Wanted::new(&request.selection);
        property::write(&mut out, &href, &view, &wanted, exchange.prefer());
    }
    Ok(multistatus::whole(out))
}
