//! Keeping known when calendars take time, also of those that nobody writes to
//! or asks, once a day.

use cal_store::{Cause, Error as StoreError, Store};

pub(super) async fn run(store: &Store, cause: &Cause) -> Result<(), StoreError> {
    let calendars = store.advance_busy(cause.at).await?;
    if calendars > 0 {
        tracing::info!(calendars, "it is known further ahead when they take time");
    }
    Ok(())
}
