//! The time that calendars take, and what is held of it: what is asked of it,
//! and what changes it without a write of an object.

use std::collections::HashMap;

use cal_freebusy::Interval;
use chrono::DateTime;
use deadpool_postgres::Object as Connection;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::pipeline::Call;
use super::read::Reader;
use super::row::natural;
use crate::{
    Beside, Booking, BusyBasis, BusyHorizon, BusyPage, BusyQuery, CalendarBusy, CollectionId,
    Error, Hold, HoldToken, NewHold, ObjectName, PageTimes, RebuiltBusy, Standing, Taken,
    Timestamp, Transaction, Uid, Wanted,
};

/// What tells a calendar that may not be busy twice, of the collection `c` and
/// its owner `p`; see [`DoubleBooking`](crate::DoubleBooking).
macro_rules! is_exclusive {
    () => {
        "(p.kind IN ('room', 'resource') OR EXISTS (SELECT 1 FROM properties x \
         WHERE x.workspace_id = c.workspace_id AND x.collection_id = c.collection_id \
         AND x.name = '' AND x.namespace = 'https://github.com/cal-rs/cal/ns/' \
         AND x.local = 'refuse-double-booking'))"
    };
}
pub(super) use is_exclusive;

/// What is known of collections, in the columns that [`standing`] reads.
macro_rules! standings {
    () => {
        concat!(
            "SELECT c.collection_id, c.sequence, NOT c.is_transparent, ",
            is_exclusive!(),
            ", b.digest, b.first_page, b.end_page, p.kind IN ('room', 'resource'), \
             CASE WHEN p.kind IN ('room', 'resource') AND NOT c.is_transparent THEN \
             ARRAY(SELECT o.collection_id FROM collections o \
             WHERE o.workspace_id = c.workspace_id AND o.owner_id = c.owner_id \
             AND o.collection_id <> c.collection_id AND o.kind = 'calendar' \
             AND NOT o.is_transparent AND o.trashed_at IS NULL) END FROM collections c \
             JOIN principals p ON p.workspace_id = c.workspace_id \
             AND p.principal_id = c.owner_id \
             LEFT JOIN busy_calendars b ON b.workspace_id = c.workspace_id \
             AND b.collection_id = c.collection_id \
             WHERE c.workspace_id = $1 AND c.collection_id = ANY($2) AND c.trashed_at IS NULL"
        )
    };
}
pub(super) use standings;

/// The other calendars with which one shares its time, from a row of [`standings`].
pub(super) fn others(row: &Row) -> Result<Vec<CollectionId>, Error> {
    let others: Option<Vec<i64>> = row.try_get(8)?;
    let others = others.into_iter().flatten();
    Ok(others.map(CollectionId::from_raw).collect())
}

/// What is known of a collection, from a row of [`standings`].
pub(super) fn standing(row: &Row) -> Result<Standing, Error> {
    Ok(Standing {
        collection: CollectionId::from_raw(row.try_get(0)?),
        sequence: natural(row, 1)?,
        is_opaque: row.try_get(2)?,
        is_exclusive: row.try_get(3)?,
        basis: basis(row, 4)?,
        is_reserved: row.try_get(7)?,
    })
}

fn basis(row: &Row, first: usize) -> Result<Option<BusyBasis>, Error> {
    let Some(digest) = row.try_get::<_, Option<&[u8]>>(first)? else {
        return Ok(None);
    };
    let page = |column| Ok::<_, Error>(BusyPage::from_number(row.try_get(column)?));
    Ok(Some(BusyBasis {
        digest: digest.try_into().map_err(Error::backend)?,
        horizon: BusyHorizon::from_pages(page(first + 1)?, page(first + 2)?),
    }))
}

/// A page of times from four columns.
pub(super) fn times(row: &Row, first: usize) -> Result<PageTimes, Error> {
    let page = BusyPage::from_number(row.try_get(first)?);
    let (starts, ends) = (row.try_get(first + 1)?, row.try_get(first + 2)?);
    Ok(PageTimes::from_stored(
        page,
        starts,
        ends,
        row.try_get(first + 3)?,
    ))
}

/// A hold from four columns.
pub(super) fn hold(row: &Row, first: usize) -> Result<Hold, Error> {
    let instant = |column| {
        let millis = row.try_get(column)?;
        Ok::<_, Error>(DateTime::from_timestamp_millis(millis).unwrap_or_default())
    };
    Ok(Hold {
        token: HoldToken::from_raw(row.try_get(first)?),
        interval: Interval::new(instant(first + 1)?, instant(first + 2)?),
        lapses: Timestamp::from_millis(row.try_get(first + 3)?),
    })
}

/// A calendar and what its times were worked out from.
type Other = (CollectionId, Option<BusyBasis>);

/// Locks a collection beside others; answers what is known of it, and of those
/// with which it shares its time.
async fn locked(
    connection: &Connection,
    workspace: i64,
    collection: CollectionId,
    beside: &[Beside],
) -> Result<(Standing, Vec<Other>), Error> {
    const LOCK: &str = "SELECT 1 FROM collections WHERE workspace_id = $1 \
         AND collection_id = ANY($2) AND trashed_at IS NULL ORDER BY collection_id \
         FOR NO KEY UPDATE";
    let beside = beside.iter().map(|beside| beside.collection);
    let ids: Vec<_> = beside
        .chain([collection])
        .map(CollectionId::into_raw)
        .collect();
    rows(connection, LOCK, &[&workspace, &ids]).await?;
    // Asked after the lock: it sees what the last holder of the lock has done.
    let found = rows(connection, standings!(), &[&workspace, &ids]).await?;
    let mut bases: HashMap<CollectionId, Option<BusyBasis>> = HashMap::new();
    let mut own = None;
    for row in &found {
        let standing = standing(row)?;
        bases.insert(standing.collection, standing.basis);
        if standing.collection == collection {
            own = Some((standing, others(row)?));
        }
    }
    let (standing, others) = own.ok_or(Error::NotFound)?;
    let others = others.into_iter();
    let others = others.map(|id| (id, bases.get(&id).copied().flatten()));
    Ok((standing, others.collect()))
}

/// Refuses a transaction that was decided upon before the log of a calendar
/// moved on; the others cannot move before its end.
pub(super) async fn check_unmoved(
    connection: &Connection,
    workspace: i64,
    transaction: &Transaction,
) -> Result<(), Error> {
    const STANDS: &str = "SELECT collection_id, sequence FROM collections \
         WHERE workspace_id = $1 AND collection_id = ANY($2) AND trashed_at IS NULL \
         ORDER BY collection_id FOR NO KEY UPDATE";
    if transaction.unmoved.is_empty() {
        return Ok(());
    }
    let ids = transaction.unmoved.iter().map(|(id, _)| id.into_raw());
    let found = rows(connection, STANDS, &[&workspace, &ids.collect::<Vec<_>>()]).await?;
    let mut stand = HashMap::new();
    for row in &found {
        stand.insert(CollectionId::from_raw(row.try_get(0)?), natural(row, 1)?);
    }
    let mut unmoved = transaction.unmoved.iter();
    unmoved.try_for_each(|known| Transaction::check_unmoved(*known, stand.get(&known.0).copied()))
}

async fn rows(
    connection: &Connection,
    sql: &str,
    values: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, Error> {
    let statement = connection.prepare_cached(sql).await?;
    Ok(connection.query(&statement, values).await?)
}

/// Replaces what is kept of a calendar, within a transaction.
pub(super) async fn set(
    connection: &Connection,
    workspace: i64,
    rebuilt: &RebuiltBusy,
) -> Result<bool, Error> {
    const CLEAR: &str = "DELETE FROM busy_times WHERE workspace_id = $1 AND collection_id = $2";
    const BASIS: &str = "INSERT INTO busy_calendars \
         (workspace_id, collection_id, digest, first_page, end_page) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (workspace_id, collection_id) DO UPDATE SET digest = excluded.digest, \
         first_page = excluded.first_page, end_page = excluded.end_page";
    const KEEP: &str = "INSERT INTO busy_times \
         (workspace_id, collection_id, name, page, starts, ends, times) \
         SELECT $1, $2, k.* FROM unnest($3::text[], $4::integer[], $5::bigint[], $6::bigint[], \
         $7::bytea[]) AS k";
    // The more there is to replace the longer it takes.
    connection
        .batch_execute("SET LOCAL statement_timeout = 0")
        .await?;
    let (standing, _) = locked(connection, workspace, rebuilt.collection, &[]).await?;
    if standing.sequence != rebuilt.sequence {
        return Ok(false);
    }
    let id = rebuilt.collection.into_raw();
    rows(connection, CLEAR, &[&workspace, &id]).await?;
    let BusyBasis { digest, horizon } = &rebuilt.basis;
    let (first, end) = (horizon.first().number(), horizon.end().number());
    rows(
        connection,
        BASIS,
        &[&workspace, &id, &&digest[..], &first, &end],
    )
    .await?;
    let pages = rebuilt.objects.iter();
    let pages = pages.flat_map(|(name, pages)| pages.iter().map(move |times| (name, times)));
    let pages: Vec<_> = pages.collect();
    let names: Vec<_> = pages.iter().map(|(name, _)| name.as_str()).collect();
    let numbers: Vec<_> = pages.iter().map(|(_, it)| it.page().number()).collect();
    let starts: Vec<_> = pages.iter().map(|(_, it)| it.starts()).collect();
    let ends: Vec<_> = pages.iter().map(|(_, it)| it.ends()).collect();
    let times: Vec<_> = pages.iter().map(|(_, it)| it.as_bytes()).collect();
    rows(
        connection,
        KEEP,
        &[&workspace, &id, &names, &numbers, &starts, &ends, &times],
    )
    .await?;
    Ok(true)
}

/// Places a hold, within a transaction.
pub(super) async fn place(
    connection: &Connection,
    workspace: i64,
    new: &NewHold,
) -> Result<(), Error> {
    const LAPSED: &str = "DELETE FROM holds WHERE workspace_id = $1 AND collection_id = $2 \
         AND lapses <= $3";
    const HOLDS: &str = "SELECT token, starts, ends, lapses, collection_id FROM holds \
         WHERE workspace_id = $1 AND collection_id = ANY($2) AND lapses > $3";
    const PLACE: &str = "INSERT INTO holds \
         (workspace_id, collection_id, token, starts, ends, lapses) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    let id = new.collection.into_raw();
    let known = new.beside.as_deref().unwrap_or_default();
    let (standing, others) = locked(connection, workspace, new.collection, known).await?;
    standing.holds(new, &others)?;
    rows(connection, LAPSED, &[&workspace, &id, &new.at.millis()]).await?;
    let pages = new.pages();
    let mut booking = Booking::of_pages(&pages);
    let others = others.iter().map(|(other, _)| other.into_raw());
    let calendars: Vec<_> = others.chain([id]).collect();
    if standing.is_opaque {
        beside(connection, (workspace, &calendars), &mut booking).await?;
    }
    let key: [&(dyn ToSql + Sync); 3] = [&workspace, &calendars, &new.at.millis()];
    let mut own = 0;
    for row in rows(connection, HOLDS, &key).await? {
        booking.beside_hold(&hold(&row, 0)?);
        own += usize::from(row.try_get::<_, i64>(4)? == id);
    }
    if let Some(taken) = booking.taken() {
        return Err(refusal(connection, workspace, &taken).await?);
    }
    Hold::check_count(own)?;
    let Hold {
        token,
        interval,
        lapses,
    } = new.hold;
    let (starts, ends) = (interval.start(), interval.end());
    rows(
        connection,
        PLACE,
        &[
            &workspace,
            &id,
            &token.into_raw(),
            &starts.timestamp_millis(),
            &ends.timestamp_millis(),
            &lapses.millis(),
        ],
    )
    .await?;
    Ok(())
}

/// Holds times against those of all objects of calendars.
async fn beside(
    connection: &Connection,
    (workspace, calendars): (i64, &Vec<i64>),
    booking: &mut Booking<'_>,
) -> Result<(), Error> {
    const BESIDE: &str = "SELECT t.name, t.page, t.starts, t.ends, t.times, t.collection_id \
         FROM unnest($3::integer[], $4::bigint[], $5::bigint[]) AS k (page, starts, ends) \
         CROSS JOIN unnest($2::bigint[]) AS c (collection_id) \
         JOIN busy_times t ON t.workspace_id = $1 AND t.collection_id = c.collection_id \
         AND t.page = k.page AND t.starts < k.ends AND t.ends > k.starts";
    let pages: Vec<_> = booking.pages().collect();
    let numbers: Vec<_> = pages.iter().map(|(page, ..)| page.number()).collect();
    let starts: Vec<_> = pages.iter().map(|(_, starts, _)| *starts).collect();
    let ends: Vec<_> = pages.iter().map(|(.., ends)| *ends).collect();
    let key: [&(dyn ToSql + Sync); 5] = [&workspace, calendars, &numbers, &starts, &ends];
    for row in rows(connection, BESIDE, &key).await? {
        let name = ObjectName::from_stored(row.try_get(0)?);
        let collection = CollectionId::from_raw(row.try_get(5)?);
        booking.beside((collection, &name), &times(&row, 1)?);
    }
    Ok(())
}

async fn refusal(connection: &Connection, workspace: i64, taken: &Taken) -> Result<Error, Error> {
    const UID: &str = "SELECT uid FROM objects \
         WHERE workspace_id = $1 AND collection_id = $2 AND name = $3";
    let mut uid = None;
    if let Some((collection, name)) = &taken.by {
        let key: [&(dyn ToSql + Sync); 3] = [&workspace, &collection.into_raw(), &name.as_str()];
        let found = rows(connection, UID, &key).await?;
        let found = found.first().map(|row| row.try_get::<_, Option<&str>>(0));
        uid = found.transpose()?.flatten().map(Uid::from_stored);
    }
    Ok(taken.refusal(uid))
}

/// Ends a hold, within a transaction.
pub(super) async fn release(
    connection: &Connection,
    workspace: i64,
    (collection, token): (CollectionId, HoldToken),
    at: Timestamp,
) -> Result<bool, Error> {
    const RELEASE: &str = "DELETE FROM holds WHERE workspace_id = $1 AND collection_id = $2 \
         AND token = $3 RETURNING lapses > $4";
    let key: [&(dyn ToSql + Sync); 4] = [
        &workspace,
        &collection.into_raw(),
        &token.into_raw(),
        &at.millis(),
    ];
    let released = rows(connection, RELEASE, &key).await?;
    released
        .first()
        .map_or(Ok(false), |row| Ok(row.try_get(0)?))
}

impl Reader {
    pub(super) async fn busy(&self, query: &BusyQuery) -> Result<Vec<CalendarBusy>, Error> {
        const BASES: &str = "SELECT b.collection_id, b.digest, b.first_page, b.end_page, \
             c.sequence, c.modified FROM busy_calendars b JOIN collections c ON c.workspace_id = b.workspace_id \
             AND c.collection_id = b.collection_id AND c.trashed_at IS NULL \
             WHERE b.workspace_id = $1 AND b.collection_id = ANY($2)";
        const TIMES: &str = "SELECT t.collection_id, t.page, t.starts, t.ends, t.times \
             FROM unnest($2::bigint[]) AS k (collection_id) \
             JOIN busy_times t ON t.workspace_id = $1 AND t.collection_id = k.collection_id \
             AND t.page BETWEEN $3 AND $4 AND t.starts < $6 AND t.ends > $5 AND $7";
        const HOLDS: &str = "SELECT collection_id, token, starts, ends, lapses FROM holds \
             WHERE workspace_id = $1 AND collection_id = ANY($2) AND starts < $4 AND ends > $3";
        let ids = || -> Vec<i64> {
            let ids = query.collections.iter();
            ids.map(|id| id.into_raw()).collect()
        };
        let (start, end) = (query.window.start(), query.window.end());
        let seconds = (start.timestamp(), end.timestamp().saturating_add(1));
        let pages = [seconds.0, seconds.1].map(|at| BusyPage::containing(at).number());
        let calls = [
            Call::new(BASES, vec![Box::new(self.workspace), Box::new(ids())]),
            Call::new(
                TIMES,
                vec![
                    Box::new(self.workspace),
                    Box::new(ids()),
                    Box::new(pages[0]),
                    Box::new(pages[1]),
                    Box::new(seconds.0),
                    Box::new(seconds.1),
                    Box::new(query.wanted == Wanted::Times),
                ],
            ),
            Call::new(
                HOLDS,
                vec![
                    Box::new(self.workspace),
                    Box::new(ids()),
                    Box::new(start.timestamp_millis()),
                    Box::new(end.timestamp_millis()),
                ],
            ),
        ];
        let [bases, kept, held] = self.snapshot(calls).await?;
        let mut calendars: HashMap<i64, CalendarBusy> = HashMap::new();
        for row in &bases {
            let basis = basis(row, 1)?;
            let kept = CalendarBusy {
                basis,
                sequence: natural(row, 4)?,
                modified: Timestamp::from_millis(row.try_get(5)?),
                ..CalendarBusy::default()
            };
            calendars.insert(row.try_get(0)?, kept);
        }
        for row in &kept {
            if let Some(calendar) = calendars.get_mut(&row.try_get(0)?) {
                calendar.times.push(times(row, 1)?);
            }
        }
        for row in &held {
            if let Some(calendar) = calendars.get_mut(&row.try_get(0)?) {
                calendar.holds.push(hold(row, 1)?);
            }
        }
        let ids = query.collections.iter();
        Ok(ids
            .map(|id| calendars.remove(&id.into_raw()).unwrap_or_default())
            .collect())
    }
}
