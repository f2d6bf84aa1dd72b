//! What servers over the same calendars tell each other.

use cal_store::Store;

use crate::config::{RedisUrl, Settings};
use crate::error::Error;

/// A Redis server in use, for as long as this lives.
#[derive(Debug)]
pub(super) struct Sharing {
    #[cfg(feature = "redis")]
    _news: cal_store::FanOut,
}

impl Sharing {
    /// Begins to share, where the settings name a Redis server. One that is away
    /// is no error: it is a help, never the truth.
    pub(super) fn start(settings: &Settings, store: &Store) -> Result<Option<Self>, Error> {
        let url = settings.redis.as_ref();
        url.map(|url| Self::over(url, store)).transpose()
    }

    #[cfg(feature = "redis")]
    fn over(url: &RedisUrl, store: &Store) -> Result<Self, Error> {
        let redis = cal_store::Redis::new(url.as_str()).map_err(|source| Error::Open {
            name: url.to_string(),
            source,
        })?;
        let news = redis.fan_out(store);
        store.use_cache(std::sync::Arc::new(redis));
        Ok(Self { _news: news })
    }

    #[cfg(not(feature = "redis"))]
    fn over(url: &RedisUrl, _store: &Store) -> Result<Self, Error> {
        Err(Error::Input(format!(
            "{url}: this program was built without Redis"
        )))
    }
}
