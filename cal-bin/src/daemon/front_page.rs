//! `/` in a browser: what this is, and how to connect.

use cal_caldav_server::Body;
use http::Response;
use http::header::{self, HeaderName, HeaderValue};

/// Nothing of the page needs anything from anywhere.
const HEADERS: &[(HeaderName, &str)] = &[
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// The page, for a server that lives below this path prefix.
pub(super) fn response(prefix: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(page(prefix)));
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

fn page(prefix: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let prefix = escape(prefix);
    format!(
        r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Cal</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }}
code {{ background: #8882; padding: .1em .3em; border-radius: .2em }}
</style>
<h1>Cal</h1>
<p>This is a calendar server. It speaks CalDAV; there is no calendar to look at on this page.</p>
<h2>Connect a client</h2>
<p>Give your calendar app the address of this page, your user name and your password or an app
password. Most apps find the rest. One that asks for a CalDAV address wants
<code>{prefix}/dav/</code> on this host.</p>
<h2>Run it</h2>
<p>Whoever runs the server adds users with <code>cal user add NAME</code> and makes a password for
each device with <code>cal user token NAME</code>. <a href="{prefix}/status">Status</a> says whether
all is well.</p>
<p><small>cal {version}</small></p>
</html>
"#
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
