//! `OPTIONS` (RFC 4918 section 10.1, RFC 4791 section 5.1): exactly what works.

use http::request::Parts;
use http::{HeaderValue, Response, header};

use crate::allow;
use crate::body::Body;
use crate::dispatch::{Mount, Reply, resolve};
use crate::exchange::{Exchange, Target};
use crate::refusal::Refusal;
use crate::server::Site;
use crate::verb::Verb;

/// The compliance classes of what cannot be locked.
const CLASSES: &str = "1, 3, access-control, calendar-access, calendar-managed-attachments, \
                       calendar-no-timezone, extended-mkcol";

/// Those of what can be.
const LOCKING: &str = "1, 2, 3, access-control, calendar-access, calendar-managed-attachments, \
                       calendar-no-timezone, extended-mkcol";

/// Answers whoever has sent no credentials from the shape of the path alone.
pub(crate) fn anonymous(site: &Site, mount: Mount, parts: &Parts) -> Reply {
    let resource = resolve(site, mount, parts.uri.path())?;
    Ok(respond(allow::by_shape(resource.as_ref())))
}

/// `OPTIONS *` (RFC 9110 section 9.3.7): what the server as a whole knows.
pub(crate) fn of_the_server() -> Response<Body> {
    respond(&Verb::ALL)
}

pub(crate) async fn options(exchange: Exchange, target: Target) -> Reply {
    let Target::Member { parent, name } = &target else {
        return Ok(respond(allow::allowed(&target)));
    };
    if exchange.site.store.object(parent.id, name).await?.is_none() {
        return Err(Refusal::NotFound);
    }
    Ok(respond(allow::of_object(parent.kind)))
}

fn respond(allowed: &[Verb]) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    let classes = match allowed.contains(&Verb::Lock) {
        true => LOCKING,
        false => CLASSES,
    };
    headers.insert("dav", HeaderValue::from_static(classes));
    if let Ok(allow) = HeaderValue::from_str(&allow::header_value(allowed)) {
        headers.insert(header::ALLOW, allow);
    }
    // Some Microsoft clients look for it before they believe in WebDAV.
    headers.insert("ms-author-via", HeaderValue::from_static("DAV"));
    response
}
