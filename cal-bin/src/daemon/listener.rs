//! Connections: taken, bounded, and ended when it is time.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Error;
use super::router::Router;
use super::signal::Signals;
use crate::config::{Limits, Listen};

/// Requests that one HTTP/2 connection may have open at once.
const STREAMS: u32 = 64;

/// How often a silent HTTP/2 peer is asked whether it is still there.
const PING: Duration = Duration::from_secs(30);

/// How long to wait when the system has no more connections to give.
const BREATH: Duration = Duration::from_millis(100);

/// Starts to listen.
pub(super) async fn bind(listen: &Listen) -> Result<TcpListener, Error> {
    TcpListener::bind(listen.as_str()).await.map_err(|source| {
        let address = listen.to_string();
        match source.kind() {
            io::ErrorKind::AddrInUse => Error::Taken { address },
            _ => Error::Listen { address, source },
        }
    })
}

/// Serves connections until the process is asked to stop, then lets requests in
/// flight finish.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: &Limits,
    signals: &mut Signals,
) {
    let server = Arc::new(builder(limits));
    let router = Arc::new(router);
    let room = Arc::new(Semaphore::new(limits.connections.max(1)));
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, peer, place) = tokio::select! {
            () = signals.stop() => break,
            accepted = accept(&listener, &room) => accepted,
        };
        let router = Arc::clone(&router);
        let service = service_fn(move |request| {
            let router = Arc::clone(&router);
            async move { Ok::<_, Infallible>(router.answer(request, peer).await) }
        });
        let connection = server
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%peer, error, "connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    finish(graceful, limits.shutdown_time(), signals).await;
}

/// Waits for requests in flight, not for ever, and not for whoever asks twice.
async fn finish(graceful: GracefulShutdown, patience: Duration, signals: &mut Signals) {
    let open = graceful.count();
    tracing::info!(open, "stopping");
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(patience) => {
            tracing::warn!("requests were cut off that took longer than the time to stop");
        }
        () = signals.stop() => tracing::warn!("requests in flight were cut off"),
    }
}

/// The next connection, when there is room for it.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so that there always is a permit.
    let place = Arc::clone(room).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are written whole; waiting for more only adds delay.
                let _ = stream.set_nodelay(true);
                return (stream, peer, place);
            }
            Err(error) => {
                tracing::warn!(%error, "connection refused");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

fn builder(limits: &Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time())
        // hyper takes no less than 8 KiB.
        .max_buf_size(limits.header_bytes.max(8 * 1024));
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING);
    builder
}
