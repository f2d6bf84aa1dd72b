//! Keeping known when calendars take time, also of those that nobody writes to
//! or asks, once a day; and telling which rooms are booked twice by now.

use cal_store::{Cause, Error as StoreError, Store};

use crate::storage;

pub(super) async fn run(store: &Store, cause: &Cause) -> Result<(), StoreError> {
    let calendars = store.advance_busy(cause.at).await?;
    if calendars > 0 {
        tracing::info!(calendars, "it is known further ahead when they take time");
    }
    for room in storage::rooms(store).await? {
        for pair in store.double_bookings(room.id, cause.at).await? {
            tracing::warn!(
                room = %room.name,
                start = %pair.interval.start(),
                first = %pair.first.uid,
                second = %pair.second.uid,
                "a room is booked twice; `cal rooms` lists all of it"
            );
        }
    }
    Ok(())
}
