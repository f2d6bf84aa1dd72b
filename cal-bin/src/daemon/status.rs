//! `/status`: whether all is well, for whoever watches.

use std::time::{Duration, Instant};

use cal_caldav_server::Body;
use cal_store::{PageRequest, Store};
use http::header::{self, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;

/// How long the store may take to answer before it counts as gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// Knows since when the process runs, and asks the store.
pub(super) struct Monitor {
    store: Store,
    start: Instant,
}

/// The answer.
#[derive(Serialize)]
struct Status {
    status: Health,
    version: &'static str,
    /// Seconds since the process started.
    uptime: u64,
    store: StoreHealth,
    /// The time zone rules that this binary knows.
    tzdata: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Health {
    Healthy,
    /// All is well, and nobody can sign in yet.
    NeedsSetup,
    Unhealthy,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum StoreHealth {
    Ok,
    Failed,
}

impl Monitor {
    pub(super) fn new(store: Store) -> Monitor {
        Monitor {
            store,
            start: Instant::now(),
        }
    }

    /// 200 with what is known, 503 where the store cannot be read.
    pub(super) async fn response(&self) -> Response<Body> {
        let first = self.store.principals(PageRequest::first(1));
        let (health, store) = match tokio::time::timeout(PATIENCE, first).await {
            Ok(Ok(page)) if page.items.is_empty() => (Health::NeedsSetup, StoreHealth::Ok),
            Ok(Ok(_)) => (Health::Healthy, StoreHealth::Ok),
            Ok(Err(_)) | Err(_) => (Health::Unhealthy, StoreHealth::Failed),
        };
        let status = Status {
            status: health,
            version: env!("CARGO_PKG_VERSION"),
            uptime: self.start.elapsed().as_secs(),
            store,
            tzdata: chrono_tz::IANA_TZDB_VERSION,
        };
        let body = serde_json::to_string(&status).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        if health == Health::Unhealthy {
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        }
        let headers = response.headers_mut();
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
