//! `PROPPATCH` (RFC 4918 section 9.2): all changes or none.

use cal_dav::request::PropertyUpdate;
use cal_dav::response::{MultistatusWriter, Response as ResourceResponse};
use http::Response;

use crate::body::Body;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::incoming::Incoming;
use crate::multistatus;
use crate::property::update::{self, Outcome};
use crate::refusal::Refusal;

pub(crate) async fn proppatch(exchange: Exchange, target: Target, body: &mut Incoming) -> Reply {
    let request: PropertyUpdate = exchange.read_xml(body).await?;
    let instructions = &request.instructions;
    let href = exchange.href(&target);
    let store = &exchange.site.store;
    let cause = exchange.cause();
    let outcome = match target {
        Target::Missing => return Err(Refusal::NotFound),
        Target::Collection(collection) => {
            let (changes, outcome) = update::of_collection(instructions);
            if outcome.is_ok() {
                store
                    .update_collection(collection.id, changes, &cause)
                    .await?;
            }
            outcome
        }
        Target::Member { parent, name } => {
            let (changes, outcome) = update::of_object(instructions);
            if store.object(parent.id, &name).await?.is_none() {
                return Err(Refusal::NotFound);
            }
            if outcome.is_ok() {
                store
                    .update_properties(parent.id, &name, changes, &cause)
                    .await?;
            }
            outcome
        }
        Target::Root | Target::Principals | Target::Principal | Target::Homes => {
            update::refused(instructions)
        }
    };
    Ok(respond(&exchange, href, outcome))
}

fn respond(exchange: &Exchange, href: cal_dav::Href, outcome: Outcome) -> Response<Body> {
    if outcome.is_ok() && exchange.prefer().is_minimal() {
        return Response::new(Body::empty());
    }
    let mut out = MultistatusWriter::new();
    out.response(&ResourceResponse::properties(
        href,
        outcome.into_propstats(),
    ));
    multistatus::whole(out)
}
