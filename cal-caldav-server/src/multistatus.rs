//! Multistatus answers (RFC 4918 section 13), written page by page.
//!
//! What is small goes out in one piece with its length; what is large is streamed, so that
//! memory does not grow with a collection. The first page is written before the status is sent:
//! what goes wrong there is still answered with a status of its own.

use async_trait::async_trait;
use bytes::Bytes;
use cal_dav::SyncToken;
use cal_dav::response::MultistatusWriter;
use futures::stream;
use http::{HeaderValue, Response, StatusCode, header};

use crate::body::{Body, Interrupted};
use crate::dispatch::Reply;
use crate::refusal::Refusal;
use crate::status::{self, XML};

/// Octets that are gathered before they are sent.
const CHUNK: usize = 64 * 1024;

/// Something that writes the responses of a multistatus, some at a time.
#[async_trait]
pub(crate) trait Listing: Send + 'static {
    /// Writes the next responses.
    async fn write(&mut self, out: &mut MultistatusWriter) -> Result<Progress, Refusal>;
}

/// Whether a listing has more to write.
#[derive(Debug)]
pub(crate) enum Progress {
    More,
    /// All is written; a sync ends with a token.
    Done(Option<SyncToken>),
}

/// Answers with a listing.
pub(crate) async fn respond(listing: impl Listing) -> Reply {
    let mut writing = Writing {
        listing,
        out: MultistatusWriter::new(),
    };
    match writing.chunk().await? {
        Chunk::Last(document) => {
            let mut response = status::xml(document);
            *response.status_mut() = StatusCode::MULTI_STATUS;
            Ok(response)
        }
        Chunk::Part(first) => Ok(streamed(writing, first)),
    }
}

/// Answers with responses that are already written.
pub(crate) fn whole(out: MultistatusWriter) -> Response<Body> {
    let mut response = status::xml(out.finish(None));
    *response.status_mut() = StatusCode::MULTI_STATUS;
    response
}

fn streamed(writing: Writing<impl Listing>, first: Vec<u8>) -> Response<Body> {
    let rest = stream::try_unfold(Some(writing), |writing| async move {
        let Some(mut writing) = writing else {
            return Ok(None);
        };
        match writing.chunk().await {
            Ok(Chunk::Part(part)) => Ok(Some((Bytes::from(part), Some(writing)))),
            Ok(Chunk::Last(part)) => Ok(Some((Bytes::from(part), None))),
            Err(refusal) => {
                tracing::error!(error = ?refusal, "a listing broke off");
                Err(Interrupted::new(refusal))
            }
        }
    });
    let first = stream::iter([Ok(Bytes::from(first))]);
    let mut response = Response::new(Body::stream(futures::StreamExt::chain(first, rest)));
    *response.status_mut() = StatusCode::MULTI_STATUS;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(XML));
    response
}

struct Writing<L> {
    listing: L,
    out: MultistatusWriter,
}

enum Chunk {
    Part(Vec<u8>),
    Last(Vec<u8>),
}

impl<L: Listing> Writing<L> {
    async fn chunk(&mut self) -> Result<Chunk, Refusal> {
        loop {
            match self.listing.write(&mut self.out).await? {
                Progress::Done(token) => {
                    let out = std::mem::take(&mut self.out);
                    return Ok(Chunk::Last(out.finish(token.as_ref())));
                }
                Progress::More if self.out.pending() >= CHUNK => {
                    return Ok(Chunk::Part(self.out.take()));
                }
                Progress::More => {}
            }
        }
    }
}
