//! The index of the store, kept up to date with the program and its time zones.

use std::time::Duration;

use cal_store::{Reindex, ReindexReport, Store, Timestamp};
use chrono::Utc;
use tokio::task::JoinHandle;

/// How often it is seen to that the next reminders are indexed.
const REMINDERS: Duration = Duration::from_secs(3_600);

/// What goes on beside the requests.
pub(super) struct Upkeep(JoinHandle<()>);

/// Brings the index up to date beside the first requests: they find everything
/// that is there, by times that a new release of the zone database may have
/// moved. What the end of the process breaks off, the next one does.
pub(super) fn keep_up_to_date(store: Store) -> Upkeep {
    Upkeep(tokio::spawn(async move {
        let reindex = Reindex::outdated(Timestamp::from(Utc::now()));
        match store.reindex(reindex).await {
            Ok(report) => tell(&report),
            Err(error) => tracing::error!(%error, "the index could not be brought up to date"),
        }
        loop {
            let now = Timestamp::from(Utc::now());
            if let Err(error) = store.refresh_reminders(now).await {
                tracing::error!(%error, "the next reminders could not be indexed");
            }
            tokio::time::sleep(REMINDERS).await;
        }
    }))
}

impl Upkeep {
    /// Ends it, so that the store can be closed.
    pub(super) async fn stop(self) {
        self.0.abort();
        // That it was aborted is what was asked for.
        let _ = self.0.await;
    }
}

fn tell(report: &ReindexReport) {
    for object in &report.moved {
        for event in &object.events {
            let Some(first) = event.occurrences.first() else {
                continue;
            };
            tracing::warn!(
                calendar = %object.collection,
                object = %object.name,
                uid = event.uid,
                before = ?first.old.map(|at| at.start),
                now = ?first.new.map(|at| at.start),
                "an event takes place at another instant by the new rules of its zone"
            );
        }
    }
    for object in &report.unindexed {
        let (calendar, error) = (object.collection, &object.error);
        tracing::warn!(%calendar, object = %object.name, %error, "not indexed");
    }
    if report.reindexed > 0 {
        let (before, now) = (&report.tzdata_before, &report.tzdata);
        tracing::info!(
            objects = report.reindexed,
            tzdata_before = before.as_deref().unwrap_or("unknown"),
            tzdata = now,
            "the index is up to date"
        );
    }
}
