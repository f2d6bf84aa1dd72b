//! A cache that many processes share.

use std::fmt::Debug;

use async_trait::async_trait;
use bytes::Bytes;

/// What one process has worked out, kept for the others: a cache, never the
/// truth.
///
/// The [`Store`](crate::Store) names in each key the state of what the value
/// was made of, and seals the value: what an entry says is either right or not
/// believed. So an implementation may forget, lose or garble what it likes. It
/// must be quick, also at failing: whoever asks waits.
#[async_trait]
pub trait SharedCache: Debug + Send + Sync {
    /// What was put under this key, if it is at hand.
    async fn get(&self, key: &str) -> Option<Bytes>;

    /// Keeps a value, if that can be done.
    async fn put(&self, key: &str, value: Bytes);
}
