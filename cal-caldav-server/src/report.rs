//! `REPORT` (RFC 3253 section 3.6).

mod acl_principals;
mod answer;
mod calendars;
mod expand_property;
mod free_busy;
mod multiget;
mod principal_match;
mod principals;
mod query;
mod sync;

use cal_dav::report::Report;
use cal_dav::response::Precondition;

use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::incoming::Incoming;

pub(crate) async fn report(exchange: Exchange, target: Target, body: &mut Incoming) -> Reply {
    let report: Report = exchange.read_xml(body).await?;
    match report {
        Report::AclPrincipalPropSet(request) => {
            acl_principals::named(&exchange, &target, &request).await
        }
        Report::CalendarMultiget(request) => multiget::multiget(exchange, target, request).await,
        Report::CalendarQuery(request) => query::query(exchange, target, request).await,
        Report::ExpandProperty(request) => expand_property::expand(exchange, target, request).await,
        Report::FreeBusyQuery(request) => free_busy::free_busy(exchange, target, request).await,
        Report::PrincipalMatch(request) => {
            principal_match::matching(exchange, target, request).await
        }
        Report::PrincipalPropertySearch(request) => {
            principals::search(&exchange, &target, &request)
        }
        Report::PrincipalSearchPropertySet(_) => principals::search_properties(&exchange, &target),
        Report::SyncCollection(request) => sync::sync(exchange, target, request).await,
        _ => Err(Precondition::SupportedReport.into()),
    }
}
