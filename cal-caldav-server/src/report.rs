//! `REPORT` (RFC 3253 section 3.6).

mod answer;
mod multiget;
mod sync;

use cal_dav::report::Report;
use cal_dav::response::Precondition;

use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::incoming::Incoming;

pub(crate) async fn report(exchange: Exchange, target: Target, body: Incoming) -> Reply {
    let report: Report = exchange.read_xml(body).await?;
    match report {
        Report::CalendarMultiget(request) => multiget::multiget(exchange, target, request).await,
        Report::SyncCollection(request) => sync::sync(exchange, target, request).await,
        _ => Err(Precondition::SupportedReport.into()),
    }
}
