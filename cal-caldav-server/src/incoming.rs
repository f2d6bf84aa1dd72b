//! Request bodies, read whole but never past a limit.

use std::error::Error;

use bytes::{Buf, Bytes, BytesMut};
use http_body::Body;
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;

type Source = Box<dyn Error + Send + Sync>;

/// The body of a request, whatever type the HTTP server has for it.
pub(crate) struct Incoming {
    body: UnsyncBoxBody<Bytes, Source>,
    /// The octets that will come at least: what `Content-Length` says.
    announced: u64,
}

/// Octets of an unwanted body that are read on to its end.
const DRAINED: u64 = 256 * 1024;

/// Why a body could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("the body has at least {size} octets, and {limit} are the limit")]
    TooLarge { size: u64, limit: u64 },
    #[error("the body ended early")]
    Broken(#[source] Source),
}

impl Incoming {
    pub(crate) fn new<B>(body: B) -> Self
    where
        B: Body + Send + 'static,
        B::Error: Into<Source>,
    {
        let announced = body.size_hint().lower();
        let body = body
            .map_frame(|frame| frame.map_data(|mut data| data.copy_to_bytes(data.remaining())))
            .map_err(Into::into);
        Self {
            body: body.boxed_unsync(),
            announced,
        }
    }

    /// Reads the whole body. One that says it is larger than `limit` is refused unread, one that
    /// turns out to be larger as soon as it does.
    pub(crate) async fn read(&mut self, limit: u64) -> Result<Bytes, Unreadable> {
        if self.announced > limit {
            let size = self.announced;
            return Err(Unreadable::TooLarge { size, limit });
        }
        let mut whole = BytesMut::new();
        while let Some(frame) = self.body.frame().await {
            let Ok(data) = frame.map_err(Unreadable::Broken)?.into_data() else {
                continue;
            };
            let size = (whole.len() + data.len()) as u64;
            if size > limit {
                return Err(Unreadable::TooLarge { size, limit });
            }
            whole.extend_from_slice(&data);
        }
        Ok(whole.freeze())
    }

    /// Reads on to the end of a body that nobody wanted, if it is small: most HTTP servers close
    /// a connection on which a body is left unread, and clients do not expect that.
    pub(crate) async fn drain(&mut self) {
        let mut left = DRAINED;
        while self.announced <= DRAINED && !self.body.is_end_stream() {
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    let data = frame.data_ref().map_or(0, Bytes::len) as u64;
                    if data > left {
                        return;
                    }
                    left -= data;
                }
                Some(Err(_)) | None => return,
            }
        }
    }
}
