//! What carries requests: HTTP, or whatever a caller puts in its place.

use async_trait::async_trait;

use crate::{Error, Reply, Request};

/// Carries one request and its reply.
///
/// [`HttpTransport`](crate::HttpTransport) does it over the network; a
/// simulation can do it without.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a request and waits for the whole reply, whatever its status.
    ///
    /// # Errors
    ///
    /// Where there is no reply, or none that is followed or taken in.
    async fn send(&self, request: Request) -> Result<Reply, Error>;
}
