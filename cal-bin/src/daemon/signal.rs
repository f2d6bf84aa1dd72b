//! The wish to stop.

use std::io;

/// Ends when the process is asked to: SIGTERM or SIGINT, Ctrl-C elsewhere.
///
/// Signals are caught from the call on, not from the first poll.
#[cfg(unix)]
pub(super) fn stop() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("SIGTERM"),
            _ = interrupt.recv() => tracing::info!("SIGINT"),
        }
    })
}

/// Ends when the process is asked to: SIGTERM or SIGINT, Ctrl-C elsewhere.
#[cfg(not(unix))]
pub(super) fn stop() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
