//! From a request to the method that does it.

use std::sync::Arc;

use cal_dav::header::{Depth, PREFERENCE_APPLIED, Prefer};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode, header};

use crate::auth::Attempt;
use crate::body::Body;
use crate::exchange::{Exchange, Target};
use crate::incoming::Incoming;
use crate::method::{self, locked::Asked};
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::server::Site;
use crate::verb::Verb;
use crate::{access, allow, path, provision, status};

/// What a method answers.
pub(crate) type Reply = Result<Response<Body>, Refusal>;

/// Where the paths of requests begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mount {
    /// At the base path.
    Base,
    /// At the origin, outside the base path.
    Origin,
}

/// Answers a request, whatever it is.
pub(crate) async fn answer(
    site: Arc<Site>,
    mount: Mount,
    parts: Parts,
    mut body: Incoming,
) -> Response<Body> {
    let method = parts.method.clone();
    let target = parts.uri.path().to_owned();
    let waits = parts.headers.contains_key(header::EXPECT);
    let response = match serve(Arc::clone(&site), mount, parts, &mut body).await {
        Ok(response) => response,
        Err(refusal) => status::refuse(&refusal, &site.realm),
    };
    // A client that waits to be asked for its body is spared sending it.
    if !waits {
        body.drain().await;
    }
    tracing::debug!(%method, path = target, status = response.status().as_u16(), "answered");
    response
}

async fn serve(site: Arc<Site>, mount: Mount, parts: Parts, body: &mut Incoming) -> Reply {
    if is_well_known(parts.uri.path()) {
        return redirect(&site);
    }
    if is_below_well_known(parts.uri.path()) {
        return Err(Refusal::NotFound);
    }
    if parts.method == Method::OPTIONS && parts.uri.path() == "*" {
        return Ok(method::options::of_the_server());
    }
    let verb = Verb::of(&parts.method).ok_or(Refusal::UnknownMethod);
    if let Ok(Verb::Options) = verb
        && !parts.headers.contains_key(header::AUTHORIZATION)
    {
        return method::options::anonymous(&site, mount, &parts);
    }
    let user = site
        .authenticator
        .authenticate(&Attempt::new(&parts))
        .await?;
    let verb = verb?;
    let resource = resolve(&site, mount, parts.uri.path())?.ok_or(Refusal::NotFound)?;
    let principal = provision::principal(&site, &user).await?;
    access::access(&principal, &resource)?;
    let exchange = Exchange::new(site, principal, resource, parts);
    let exchange = match mount {
        Mount::Base => exchange,
        Mount::Origin => exchange.at_origin(),
    };
    perform(verb, exchange, body).await
}

/// What the path of a request names.
pub(crate) fn resolve(site: &Site, mount: Mount, path: &str) -> Result<Option<Resource>, Refusal> {
    let resource = match mount {
        Mount::Base => site.base.resolve_request(path)?,
        Mount::Origin => Resource::at(&path::decode(path)?),
    };
    Ok(resource.filter(|found| {
        mount == Mount::Base
            || matches!(
                found,
                Resource::Root | Resource::Principals | Resource::Principal { .. }
            )
    }))
}

async fn perform(verb: Verb, exchange: Exchange, body: &mut Incoming) -> Reply {
    let target = exchange.locate().await?;
    let allowed = allow::allowed(&target);
    // What is in the way of a new collection is for MKCOL and MKCALENDAR themselves to say.
    let makes =
        matches!(verb, Verb::Mkcol | Verb::Mkcalendar) && !matches!(target, Target::Missing);
    if !makes && !allowed.contains(&verb) {
        return Err(allow::refusal(verb, &target));
    }
    let states = method::states::check(&exchange, &target).await?;
    let exchange = exchange.with_states(states);
    let applied = applied(verb, &exchange, &target);
    let asked = verb.writes().then(|| Asked::new(&exchange, &target, verb));
    match (done(verb, exchange, target, body).await, asked) {
        (Ok(response), _) => Ok(with_vary(verb, with_applied(verb, response, applied))),
        (Err(refusal), Some(asked)) => asked.explain(refusal).await,
        (Err(refusal), None) => Err(refusal),
    }
}

/// Names the header fields of a request that shape the answer to it (RFC 7240 section 2, RFC 7809
/// section 7.1), so that no cache between gives it to a client that asked otherwise.
fn with_vary(verb: Verb, mut response: Response<Body>) -> Response<Body> {
    let fields = match verb {
        Verb::Get | Verb::Head => "CalDAV-Timezones",
        Verb::Report => "Brief, CalDAV-Timezones, Prefer",
        Verb::Propfind | Verb::Proppatch => "Brief, Prefer",
        Verb::Put | Verb::Post | Verb::Mkcol | Verb::Mkcalendar => "Prefer",
        _ => return response,
    };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static(fields));
    response
}

/// The preferences that shape the answer to a request (RFC 7240 section 3, RFC 8144 section 2).
fn applied(verb: Verb, exchange: &Exchange, target: &Target) -> Prefer {
    let asked = exchange.prefer();
    let lists = verb == Verb::Propfind
        && !matches!(target, Target::Member { .. })
        && !matches!(exchange.depth(), Ok(Some(Depth::Zero)));
    let shapes = matches!(
        verb,
        Verb::Propfind | Verb::Report | Verb::Proppatch | Verb::Mkcol | Verb::Mkcalendar
    );
    Prefer {
        returning: asked.returning.filter(|_| shapes && asked.is_minimal()),
        without_root: asked.without_root && lists,
    }
}

fn with_applied(verb: Verb, mut response: Response<Body>, applied: Prefer) -> Response<Body> {
    let shaped = match verb {
        // Why nothing was made is said in full.
        Verb::Mkcol | Verb::Mkcalendar => response.status() == StatusCode::CREATED,
        _ => matches!(response.status(), StatusCode::MULTI_STATUS | StatusCode::OK),
    };
    if shaped
        && !applied.is_empty()
        && let Ok(value) = HeaderValue::from_str(&applied.to_string())
    {
        response.headers_mut().insert(PREFERENCE_APPLIED, value);
    }
    response
}

async fn done(verb: Verb, exchange: Exchange, target: Target, body: &mut Incoming) -> Reply {
    match verb {
        Verb::Options => method::options::options(exchange, target).await,
        Verb::Get => method::get::get(exchange, target).await,
        Verb::Head => method::get::head(exchange, target).await,
        Verb::Put => method::put::put(exchange, target, body).await,
        Verb::Post => method::post::post(exchange, target, body).await,
        Verb::Delete => method::delete::delete(exchange, target).await,
        Verb::Propfind => method::propfind::propfind(exchange, target, body).await,
        Verb::Proppatch => method::proppatch::proppatch(exchange, target, body).await,
        Verb::Mkcol => method::make::mkcol(exchange, target, body).await,
        Verb::Mkcalendar => method::make::mkcalendar(exchange, target, body).await,
        Verb::Report => crate::report::report(exchange, target, body).await,
        Verb::Copy => method::relocate::copy(exchange, target).await,
        Verb::Move => method::relocate::relocate(exchange, target).await,
        Verb::Lock => method::lock::lock(exchange, target, body).await,
        Verb::Unlock => method::unlock::unlock(exchange, target).await,
        Verb::Acl => method::acl::acl(exchange, target, body).await,
    }
}

fn is_well_known(path: &str) -> bool {
    path.trim_matches('/') == ".well-known/caldav"
}

/// Other services that are looked for by name are not here, and need no password to be told so.
fn is_below_well_known(path: &str) -> bool {
    path.split('/').find(|segment| !segment.is_empty()) == Some(".well-known")
}

/// RFC 6764 section 5. Of all methods only POST may be changed by a client that follows a 301
/// (RFC 9110 section 15.4.2), and it is the answer that all clients know. Credentials are not
/// asked for, and nothing is remembered: an operator may choose another path.
fn redirect(site: &Site) -> Reply {
    let root = site.base.collection(&Resource::Root);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(location) = HeaderValue::from_str(root.as_str()) {
        headers.insert(header::LOCATION, location);
    }
    Ok(response)
}
