//! Which redirects are followed, and how.

use http::Method;
use url::Url;

use crate::{Error, Reply, Request};

/// The request that a redirect leads to; `None` where the reply is none.
///
/// Method and body are kept for every kind of redirect: discovery depends on
/// it (RFC 6764 section 5).
///
/// # Errors
///
/// [`Error::Redirect`] for one that leads nowhere, away from TLS, or to
/// another origin with a request that changes something.
pub(crate) fn follow(request: &Request, reply: &Reply) -> Result<Option<Request>, Error> {
    if !matches!(reply.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let refuse = |reason| Error::Redirect {
        url: request.url.clone(),
        reason,
    };
    let target = reply
        .header("location")
        .and_then(|location| request.url.join(location.trim()).ok())
        .filter(|target| matches!(target.scheme(), "http" | "https") && target.has_host())
        .ok_or_else(|| refuse("the server redirects to no web resource"))?;
    if request.url.scheme() == "https" && target.scheme() != "https" {
        return Err(refuse("the server redirects away from TLS"));
    }
    if target.origin() != request.url.origin() && !is_safe(&request.method) {
        return Err(refuse("the server redirects a change to another origin"));
    }
    let url = without_user_info(target);
    Ok(Some(Request {
        url,
        ..request.clone()
    }))
}

fn is_safe(method: &Method) -> bool {
    method.is_safe() || matches!(method.as_str(), "PROPFIND" | "REPORT")
}

fn without_user_info(mut url: Url) -> Url {
    // These fail only for URLs without a host, which have no user either.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    url
}
