//! A principal with a calendar, and events to put into it.

use cal_store::{
    Cause, CollectionId, JobKind, LeaseRequest, LeasedJob, NewPrincipal, ObjectName, PrincipalName,
    Put, Store, Timestamp, Via,
};

pub(crate) fn cause() -> Cause {
    Cause::new(Via::Dav, Timestamp::from_millis(1_790_000_000_000))
}

pub(crate) fn ics(uid: &str) -> ObjectName {
    ObjectName::new(format!("{uid}.ics")).unwrap()
}

/// An event of this UID at noon, with a summary.
pub(crate) fn event(uid: &str, summary: &str) -> String {
    let lines = format!("DTSTART:20260921T120000Z\r\nSUMMARY:{summary}\r\n");
    calendar(&format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T080000Z\r\n{lines}END:VEVENT\r\n"
    ))
}

/// A VCALENDAR around some components.
pub(crate) fn calendar(components: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n{components}END:VCALENDAR\r\n"
    )
}

/// The calendar of the user `ada`, who is made if she is not there.
pub(crate) async fn calendar_of_ada(store: &Store) -> CollectionId {
    let name = PrincipalName::new("ada").unwrap();
    let ada = match store.principal(&name).await.unwrap() {
        Some(ada) => ada,
        None => {
            let new = NewPrincipal::new(name);
            store.create_principal(new, &cause()).await.unwrap()
        }
    };
    let home = store.home(ada.id).await.unwrap();
    let name = "calendar".parse().unwrap();
    store.child(home.id, &name).await.unwrap().unwrap().id
}

pub(crate) fn put(calendar: CollectionId, uid: &str, summary: &str) -> Put {
    Put::new(calendar, ics(uid), event(uid, summary))
}

/// Leases jobs of the kind `push` that are due at an instant, until another.
pub(crate) async fn lease_push(
    store: &Store,
    now: Timestamp,
    until: Timestamp,
    limit: usize,
) -> Vec<LeasedJob> {
    let kind = JobKind::new("push").unwrap();
    let request = LeaseRequest {
        kind,
        now,
        until,
        limit,
    };
    store.lease_jobs(request).await.unwrap()
}
