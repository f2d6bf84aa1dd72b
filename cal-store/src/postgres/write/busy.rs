//! What writes of objects do with the time of their calendars.

use std::collections::BTreeMap;

use tokio_postgres::Row;

use super::batch::{Batch, Made, Member};
use super::flush::column;
use super::load::{Loaded, Locked, Spot};
use crate::postgres::busy::{hold, is_exclusive, others, standing, standings, times};
use crate::postgres::pipeline::{Call, Value};
use crate::{
    Booking, BusyBasis, BusyPage, Cause, CollectionId, DoubleBooking, Error, Hold, HoldToken,
    Keeping, ObjectBusy, ObjectName, PageTimes, PutObject, Standing, Uid,
};

/// What is known of a collection whose row is locked.
#[derive(Debug, Default)]
pub(super) struct LockedBusy {
    standing: Option<Standing>,
    /// The other calendars with which it shares its time.
    others: Vec<CollectionId>,
    /// Of a calendar that may not be busy twice: what may be in the way.
    times: BTreeMap<(BusyPage, ObjectName), (Option<Uid>, PageTimes)>,
    holds: Vec<Hold>,
    /// Whether its times are kept from now on.
    begins: bool,
    /// The holds that objects were made of.
    ended: Vec<HoldToken>,
}

pub(super) const STANDINGS: &str = standings!();

/// What may be in the way of what is to be stored, in calendars that may not be
/// busy twice. These are found first, and nothing else is looked at where there
/// are none: `OFFSET 0` keeps the planner from another order.
pub(super) const TIMES: &str = concat!(
    "WITH exclusive AS MATERIALIZED (SELECT c.collection_id FROM collections c \
     JOIN principals p ON p.workspace_id = c.workspace_id AND p.principal_id = c.owner_id AND ",
    is_exclusive!(),
    " WHERE c.workspace_id = $1 AND c.collection_id = ANY($2::bigint[]) \
     AND NOT c.is_transparent) \
     SELECT k.collection_id, t.name, t.uid, t.page, t.starts, t.ends, t.times \
     FROM (SELECT k.* FROM unnest($2::bigint[], $3::integer[], $4::bigint[], $5::bigint[]) \
     AS k (collection_id, page, starts, ends) JOIN exclusive USING (collection_id) OFFSET 0) k \
     CROSS JOIN LATERAL (SELECT t.name, o.uid, t.page, t.starts, t.ends, t.times \
     FROM busy_times t JOIN objects o ON o.workspace_id = $1 \
     AND o.collection_id = t.collection_id AND o.name = t.name \
     WHERE t.workspace_id = $1 AND t.collection_id = k.collection_id AND t.page = k.page \
     AND t.starts < k.ends AND t.ends > k.starts OFFSET 0) t"
);

pub(super) const HOLDS: &str = "SELECT collection_id, token, starts, ends, lapses FROM holds \
     WHERE workspace_id = $1 AND collection_id = ANY($2)";

/// The other calendars beside which a put is to take time, as far as it knows.
pub(super) fn beside(put: &PutObject) -> impl Iterator<Item = CollectionId> {
    let beside = put.busy.as_ref().and_then(|busy| busy.beside.as_deref());
    beside.into_iter().flatten().map(|beside| beside.collection)
}

/// The pages in which some puts take time, in columns.
#[derive(Debug, Default)]
pub(super) struct Pages {
    collections: Vec<i64>,
    numbers: Vec<i32>,
    starts: Vec<i64>,
    ends: Vec<i64>,
}

impl Pages {
    pub(super) fn add(&mut self, put: &PutObject) {
        for times in put.busy.iter().flat_map(|busy| &busy.pages) {
            for collection in [put.collection].into_iter().chain(beside(put)) {
                self.collections.push(collection.into_raw());
                self.numbers.push(times.page().number());
                self.starts.push(times.starts());
                self.ends.push(times.ends());
            }
        }
    }

    /// The questions, in the order in which [`LockedBusy::read`] takes their answers.
    pub(super) fn calls<'p>(&'p self, workspace: i64, collections: &'p Vec<i64>) -> [Call<'p>; 3] {
        [
            Call::new(STANDINGS, vec![Box::new(workspace), Box::new(collections)]),
            Call::new(
                TIMES,
                vec![
                    Box::new(workspace),
                    Box::new(&self.collections),
                    Box::new(&self.numbers),
                    Box::new(&self.starts),
                    Box::new(&self.ends),
                ],
            ),
            Call::new(HOLDS, vec![Box::new(workspace), Box::new(collections)]),
        ]
    }
}

impl LockedBusy {
    /// Takes in a row of [`STANDINGS`].
    pub(super) fn read_standing(&mut self, row: &Row) -> Result<(), Error> {
        self.standing = Some(standing(row)?);
        self.others = others(row)?;
        Ok(())
    }

    /// Takes in a row of [`TIMES`].
    pub(super) fn read_times(&mut self, row: &Row) -> Result<(), Error> {
        let name = ObjectName::from_stored(row.try_get(1)?);
        let uid = row.try_get::<_, Option<&str>>(2)?.map(Uid::from_stored);
        let times = times(row, 3)?;
        self.times.insert((times.page(), name), (uid, times));
        Ok(())
    }

    /// Takes in a row of [`HOLDS`].
    pub(super) fn read_hold(&mut self, row: &Row) -> Result<(), Error> {
        self.holds.push(hold(row, 1)?);
        Ok(())
    }

    fn remove(&mut self, name: &ObjectName) {
        self.times.retain(|(_, other), _| other != name);
    }

    /// What its times were worked out from, after all writes so far.
    fn basis(&self) -> Option<BusyBasis> {
        self.standing.and_then(|it| it.basis)
    }
}

impl Loaded {
    /// All that a put is refused for because of the time it takes.
    pub(super) fn check_busy(&self, put: &PutObject, cause: &Cause) -> Result<Keeping, Error> {
        let locked = self.collections.get(&put.collection);
        let own = locked.ok_or(Error::ParentMissing)?;
        put.held(&own.busy.holds, cause.at)?;
        let Some(standing) = own.busy.standing.filter(|_| put.index.is_some()) else {
            return Ok(Keeping::None);
        };
        let standing = Standing {
            sequence: own.sequence,
            ..standing
        };
        let others = own.busy.others.iter();
        let others = others.map(|id| (*id, self.collections.get(id).map(|it| &it.busy)));
        let others: Vec<_> = others.collect();
        let bases = others
            .iter()
            .map(|(id, busy)| (*id, busy.and_then(LockedBusy::basis)));
        let keeping = standing.keeping(put, &bases.collect::<Vec<_>>())?;
        if let Some(busy) = &put.busy
            && standing.double_booking() == DoubleBooking::Refused
        {
            let others = others.iter().filter_map(|(id, busy)| Some((*id, (*busy)?)));
            let calendars: Vec<_> = others.chain([(put.collection, &own.busy)]).collect();
            check_free(put, busy, &calendars, cause)?;
        }
        Ok(keeping)
    }
}

/// Refuses a put whose time is taken by anything in some calendars but what it
/// replaces or makes use of.
fn check_free(
    put: &PutObject,
    busy: &ObjectBusy,
    calendars: &[(CollectionId, &LockedBusy)],
    cause: &Cause,
) -> Result<(), Error> {
    let mut booking = Booking::new(busy);
    for (id, known) in calendars {
        for ((_, name), (_, times)) in &known.times {
            if (*id, name) != (put.collection, &put.name) {
                booking.beside((*id, name), times);
            }
        }
        let holds = known.holds.iter().filter(|hold| hold.is_in_force(cause.at));
        for hold in holds.filter(|hold| put.hold != Some(hold.token)) {
            booking.beside_hold(hold);
        }
    }
    let Some(taken) = booking.taken() else {
        return Ok(());
    };
    let by = taken.by.as_ref().and_then(|(id, name)| {
        let (_, known) = calendars.iter().find(|(other, _)| other == id)?;
        let mut times = known.times.iter();
        let (_, (uid, _)) = times.find(|((_, other), _)| other == name)?;
        uid.clone()
    });
    Err(taken.refusal(by))
}

impl Locked {
    /// Takes a put into account that was not refused.
    pub(super) fn keep_busy(&mut self, put: &PutObject, keeping: Keeping) {
        let known = &mut self.busy;
        if let Some(token) = put.hold {
            known.holds.retain(|hold| hold.token != token);
            known.ended.push(token);
        }
        let Some(busy) = put.busy.as_ref().filter(|_| keeping != Keeping::None) else {
            return;
        };
        if let (Keeping::First, Some(standing)) = (keeping, &mut known.standing) {
            standing.basis = Some(busy.basis);
            known.begins = true;
        }
        known.remove(&put.name);
        let is_refused = |it: Standing| it.double_booking() == DoubleBooking::Refused;
        if known.standing.is_some_and(is_refused) {
            let uid = put.index.as_ref().map(|index| index.uid.clone());
            known.times.extend(busy.pages.iter().map(|times| {
                let key = (times.page(), put.name.clone());
                (key, (uid.clone(), times.clone()))
            }));
        }
    }

    /// Takes the deletion of an object into account.
    pub(super) fn free(&mut self, name: &ObjectName) {
        self.busy.remove(name);
    }
}

/// The statements that keep the times of what was written.
pub(super) fn flush<'b>(
    workspace: i64,
    batch: &'b Batch<'_>,
    members: &[(&'b Spot, &'b Member<'_>)],
) -> [Option<Call<'b>>; 4] {
    let is_kept = |spot: &Spot| {
        batch
            .locked(spot.0)
            .is_some_and(|it| it.busy.basis().is_some())
    };
    let kept: Vec<_> = members.iter().filter(|(spot, _)| is_kept(spot)).collect();
    let goes = |member: &Member<'_>| {
        member.before.is_some() && (member.bytes.is_some() || member.now.is_none())
    };
    let removed: Vec<_> = kept.iter().filter(|(_, member)| goes(member)).collect();
    let stored = kept.iter().filter_map(|(spot, member)| {
        let Made { put, .. } = member.bytes?;
        Some((*spot, &put.busy.as_ref()?.pages))
    });
    let pages = stored.flat_map(|(spot, pages)| pages.iter().map(move |times| (spot, times)));
    [
        begun(workspace, batch),
        remove(
            workspace,
            &removed.iter().map(|it| it.0).collect::<Vec<_>>(),
        ),
        keep(workspace, &pages.collect::<Vec<_>>()),
        ended(workspace, batch),
    ]
}

fn begun<'b>(workspace: i64, batch: &'b Batch<'_>) -> Option<Call<'b>> {
    const SQL: &str = "INSERT INTO busy_calendars \
         (workspace_id, collection_id, digest, first_page, end_page) \
         SELECT $1, k.* FROM unnest($2::bigint[], $3::bytea[], $4::integer[], $5::integer[]) AS k";
    let rows = batch.moved_on().filter(|(_, locked, _)| locked.busy.begins);
    let rows = rows.filter_map(|(id, locked, _)| Some((id, locked.busy.standing?.basis?)));
    let rows: Vec<_> = rows.collect();
    let values: Vec<Value<'b>> = vec![
        Box::new(workspace),
        column(&rows, |(id, _)| id.into_raw()),
        column(&rows, |(_, basis)| basis.digest.to_vec()),
        column(&rows, |(_, basis)| basis.horizon.first().number()),
        column(&rows, |(_, basis)| basis.horizon.end().number()),
    ];
    (!rows.is_empty()).then(|| Call::new(SQL, values))
}

fn remove<'b>(workspace: i64, spots: &[&'b Spot]) -> Option<Call<'b>> {
    // The pages are asked for one by one: names are ordered within each.
    const SQL: &str = "DELETE FROM busy_times t \
         USING unnest($2::bigint[], $3::text[]) AS k (collection_id, name), busy_calendars b, \
         generate_series(b.first_page, b.end_page - 1) AS known (number) \
         WHERE b.workspace_id = $1 AND b.collection_id = k.collection_id \
         AND t.workspace_id = $1 AND t.collection_id = k.collection_id AND t.page = known.number \
         AND t.name = k.name";
    let values: Vec<Value<'b>> = vec![
        Box::new(workspace),
        column(spots, |(id, _)| id.into_raw()),
        column(spots, |spot| spot.1.as_str()),
    ];
    (!spots.is_empty()).then(|| Call::new(SQL, values))
}

fn keep<'b>(workspace: i64, rows: &[(&'b Spot, &'b PageTimes)]) -> Option<Call<'b>> {
    const SQL: &str = "INSERT INTO busy_times \
         (workspace_id, collection_id, name, page, starts, ends, times) \
         SELECT $1, k.* FROM unnest($2::bigint[], $3::text[], $4::integer[], $5::bigint[], \
         $6::bigint[], $7::bytea[]) AS k";
    let values: Vec<Value<'b>> = vec![
        Box::new(workspace),
        column(rows, |(spot, _)| spot.0.into_raw()),
        column(rows, |(spot, _)| spot.1.as_str()),
        column(rows, |(_, times)| times.page().number()),
        column(rows, |(_, times)| times.starts()),
        column(rows, |(_, times)| times.ends()),
        column(rows, |(_, times)| times.as_bytes()),
    ];
    (!rows.is_empty()).then(|| Call::new(SQL, values))
}

fn ended<'b>(workspace: i64, batch: &'b Batch<'_>) -> Option<Call<'b>> {
    const SQL: &str = "DELETE FROM holds h \
         USING unnest($2::bigint[], $3::bigint[]) AS k (collection_id, token) \
         WHERE h.workspace_id = $1 AND h.collection_id = k.collection_id AND h.token = k.token";
    let rows = batch.moved_on().flat_map(|(id, locked, _)| {
        let tokens = locked.busy.ended.iter();
        tokens.map(move |token| (id.into_raw(), token.into_raw()))
    });
    let rows: Vec<_> = rows.collect();
    let values: Vec<Value<'b>> = vec![
        Box::new(workspace),
        column(&rows, |(id, _)| *id),
        column(&rows, |(_, token)| *token),
    ];
    (!rows.is_empty()).then(|| Call::new(SQL, values))
}
