//! The time that calendars take, and what is held of it.

use cal_freebusy::Interval;
use chrono::DateTime;
use rusqlite::{
    Connection, OptionalExtension, Row, Transaction as Exclusively, TransactionBehavior, params,
};

use super::connection::patiently;
use super::readers::Reader;
use super::row::natural;
use crate::{
    Booking, BusyBasis, BusyHorizon, BusyPage, BusyQuery, CalendarBusy, CollectionId,
    DoubleBooking, Error, Hold, HoldToken, Keeping, NewHold, ObjectName, PageTimes, PutObject,
    RebuiltBusy, Standing, Taken, Timestamp, Transaction, Uid, Wanted,
};

/// A calendar and what its times were worked out from.
type Other = (CollectionId, Option<BusyBasis>);

/// The columns that [`hold`] reads, in its order.
const HOLD: &str = "token, starts, ends, lapses";

/// All that a put is refused for because of the time it takes; answers what
/// becomes of its times.
pub(super) fn check(
    connection: &Connection,
    put: &PutObject,
    at: Timestamp,
) -> Result<Keeping, Error> {
    let holds = match put.hold {
        Some(_) => holds(connection, put.collection)?,
        None => Vec::new(),
    };
    put.held(&holds, at)?;
    if put.index.is_none() {
        return Ok(Keeping::None);
    }
    let standing = standing(connection, put.collection)?.ok_or(Error::ParentMissing)?;
    let others = others(connection, &standing)?;
    let keeping = standing.keeping(put, &others)?;
    if standing.double_booking() == DoubleBooking::Refused {
        check_free(connection, put, &others, at)?;
    }
    Ok(keeping)
}

/// Refuses a transaction that was decided upon before the log of a calendar moved on.
pub(super) fn check_unmoved(
    connection: &Connection,
    transaction: &Transaction,
) -> Result<(), Error> {
    const STANDS: &str =
        "SELECT sequence FROM collections WHERE collection_id = ?1 AND trashed_at IS NULL";
    for (id, sequence) in &transaction.unmoved {
        let mut statement = connection.prepare_cached(STANDS)?;
        let read = |row: &Row<'_>| natural(row, 0);
        let stands = statement.query_row([id.into_raw()], read).optional()?;
        Transaction::check_unmoved((*id, *sequence), stands)?;
    }
    Ok(())
}

/// Keeps the times of an object that has none, and ends the hold it makes use of.
pub(super) fn take(
    connection: &Connection,
    put: &PutObject,
    keeping: Keeping,
) -> Result<(), Error> {
    if let Some(token) = put.hold {
        end_hold(connection, put.collection, token)?;
    }
    let Some(busy) = put.busy.as_ref().filter(|_| keeping != Keeping::None) else {
        return Ok(());
    };
    if keeping == Keeping::First {
        set_basis(connection, put.collection, &busy.basis)?;
    }
    keep(connection, put.collection, &put.name, &busy.pages)
}

/// Removes the times of an object.
pub(super) fn remove(
    connection: &Connection,
    collection: CollectionId,
    name: &ObjectName,
) -> Result<(), Error> {
    // The pages are asked for one by one: names are ordered within each.
    const REMOVE: &str = "WITH RECURSIVE pages (page, ends) AS (\
         SELECT first_page, end_page FROM busy_calendars WHERE collection_id = ?1 \
         UNION ALL SELECT page + 1, ends FROM pages WHERE page + 1 < ends) \
         DELETE FROM busy_times WHERE collection_id = ?1 AND name = ?2 \
         AND page IN (SELECT page FROM pages)";
    let mut statement = connection.prepare_cached(REMOVE)?;
    statement.execute((collection.into_raw(), name.as_str()))?;
    Ok(())
}

fn keep(
    connection: &Connection,
    collection: CollectionId,
    name: &ObjectName,
    pages: &[PageTimes],
) -> Result<(), Error> {
    const KEEP: &str = "INSERT INTO busy_times (collection_id, page, name, starts, ends, times) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut statement = connection.prepare_cached(KEEP)?;
    for times in pages {
        statement.execute(params![
            collection.into_raw(),
            times.page().number(),
            name.as_str(),
            times.starts(),
            times.ends(),
            times.as_bytes(),
        ])?;
    }
    Ok(())
}

fn set_basis(
    connection: &Connection,
    collection: CollectionId,
    basis: &BusyBasis,
) -> Result<(), Error> {
    const SET: &str = "INSERT INTO busy_calendars (collection_id, digest, first_page, end_page) \
         VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET digest = excluded.digest, \
         first_page = excluded.first_page, end_page = excluded.end_page";
    let mut statement = connection.prepare_cached(SET)?;
    statement.execute(params![
        collection.into_raw(),
        basis.digest,
        basis.horizon.first().number(),
        basis.horizon.end().number(),
    ])?;
    Ok(())
}

/// What is known of a collection that is not in the trash.
fn standing(connection: &Connection, collection: CollectionId) -> Result<Option<Standing>, Error> {
    const STANDING: &str = "SELECT b.digest, b.first_page, b.end_page, c.sequence, \
         NOT c.is_transparent, EXISTS (SELECT 1 \
         FROM properties WHERE collection_id = c.collection_id AND name = '' \
         AND namespace = ?2 AND local = ?3), p.kind IN ('room', 'resource') \
         FROM collections c \
         JOIN principals p ON p.principal_id = c.owner_id \
         LEFT JOIN busy_calendars b ON b.collection_id = c.collection_id \
         WHERE c.collection_id = ?1 AND c.trashed_at IS NULL";
    let mut statement = connection.prepare_cached(STANDING)?;
    let key = (
        collection.into_raw(),
        DoubleBooking::NAMESPACE,
        DoubleBooking::LOCAL,
    );
    let read = |row: &Row<'_>| {
        let is_reserved = row.get(6)?;
        Ok(Standing {
            collection,
            basis: basis(row)?,
            sequence: natural(row, 3)?,
            is_opaque: row.get(4)?,
            is_exclusive: is_reserved || row.get(5)?,
            is_reserved,
        })
    };
    Ok(statement.query_row(key, read).optional()?)
}

/// The other calendars with which one shares its time, each with what its times
/// were worked out from.
fn others(connection: &Connection, standing: &Standing) -> Result<Vec<Other>, Error> {
    const OTHERS: &str = "SELECT b.digest, b.first_page, b.end_page, c.collection_id \
         FROM collections c LEFT JOIN busy_calendars b ON b.collection_id = c.collection_id \
         WHERE c.owner_id = (SELECT owner_id FROM collections WHERE collection_id = ?1) \
         AND c.collection_id <> ?1 AND c.kind = 'calendar' AND NOT c.is_transparent \
         AND c.trashed_at IS NULL";
    if !standing.shares_time() {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(OTHERS)?;
    let read = |row: &Row<'_>| Ok((CollectionId::from_raw(row.get(3)?), basis(row)?));
    let others = statement.query_map([standing.collection.into_raw()], read)?;
    Ok(others.collect::<Result<_, _>>()?)
}

/// A basis from the first columns of a row.
fn basis(row: &Row<'_>) -> rusqlite::Result<Option<BusyBasis>> {
    let Some(digest) = row.get(0)? else {
        return Ok(None);
    };
    let page = |column| Ok::<_, rusqlite::Error>(BusyPage::from_number(row.get(column)?));
    Ok(Some(BusyBasis {
        digest,
        horizon: BusyHorizon::from_pages(page(1)?, page(2)?),
    }))
}

/// Refuses a put whose time is taken by anything but what it replaces or makes use of.
fn check_free(
    connection: &Connection,
    put: &PutObject,
    others: &[Other],
    at: Timestamp,
) -> Result<(), Error> {
    let Some(busy) = &put.busy else {
        return Ok(());
    };
    let mut booking = Booking::new(busy);
    beside(connection, put.collection, &mut booking, Some(&put.name))?;
    for (other, _) in others {
        beside(connection, *other, &mut booking, None)?;
    }
    for collection in others.iter().map(|other| other.0).chain([put.collection]) {
        for hold in holds(connection, collection)? {
            if hold.is_in_force(at) && put.hold != Some(hold.token) {
                booking.beside_hold(&hold);
            }
        }
    }
    refuse(connection, booking.taken())
}

/// Holds times against those of all objects but one.
fn beside(
    connection: &Connection,
    collection: CollectionId,
    booking: &mut Booking<'_>,
    own: Option<&ObjectName>,
) -> Result<(), Error> {
    const BESIDE: &str = "SELECT name, starts, ends, times FROM busy_times \
         WHERE collection_id = ?1 AND page = ?2 AND starts < ?4 AND ends > ?3 AND name <> ?5";
    let own = own.map_or("", ObjectName::as_str);
    let mut statement = connection.prepare_cached(BESIDE)?;
    for (page, starts, ends) in booking.pages().collect::<Vec<_>>() {
        let key = (collection.into_raw(), page.number(), starts, ends, own);
        let mut rows = statement.query(key)?;
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            let times = PageTimes::from_stored(page, row.get(1)?, row.get(2)?, row.get(3)?);
            booking.beside((collection, &ObjectName::from_stored(&name)), &times);
        }
    }
    Ok(())
}

fn refuse(connection: &Connection, taken: Option<Taken>) -> Result<(), Error> {
    const UID: &str = "SELECT uid FROM objects WHERE collection_id = ?1 AND name = ?2";
    let Some(taken) = taken else {
        return Ok(());
    };
    let mut uid: Option<String> = None;
    if let Some((collection, name)) = &taken.by {
        let mut statement = connection.prepare_cached(UID)?;
        let key = (collection.into_raw(), name.as_str());
        uid = statement.query_row(key, |row| row.get(0)).optional()?;
    }
    Err(taken.refusal(uid.map(|uid| Uid::from_stored(&uid))))
}

fn holds(connection: &Connection, collection: CollectionId) -> Result<Vec<Hold>, Error> {
    let sql = format!("SELECT {HOLD} FROM holds WHERE collection_id = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let holds = statement.query_map([collection.into_raw()], hold)?;
    Ok(holds.collect::<Result<_, _>>()?)
}

fn hold(row: &Row<'_>) -> rusqlite::Result<Hold> {
    let instant = |column| {
        let millis = row.get(column)?;
        Ok::<_, rusqlite::Error>(DateTime::from_timestamp_millis(millis).unwrap_or_default())
    };
    Ok(Hold {
        token: HoldToken::from_raw(row.get(0)?),
        interval: Interval::new(instant(1)?, instant(2)?),
        lapses: Timestamp::from_millis(row.get(3)?),
    })
}

fn end_hold(
    connection: &Connection,
    collection: CollectionId,
    token: HoldToken,
) -> Result<(), Error> {
    const END: &str = "DELETE FROM holds WHERE collection_id = ?1 AND token = ?2";
    let mut statement = connection.prepare_cached(END)?;
    statement.execute((collection.into_raw(), token.into_raw()))?;
    Ok(())
}

/// Does something in a transaction of its own, between groups of writes.
fn alone<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    let begin = || Exclusively::new_unchecked(connection, TransactionBehavior::Immediate);
    // Rolled back where it is dropped before its end.
    let transaction = patiently(begin)?;
    let done = work(&transaction)?;
    patiently(|| transaction.execute_batch("COMMIT"))?;
    Ok(done)
}

pub(super) fn set(connection: &Connection, rebuilt: &RebuiltBusy) -> Result<bool, Error> {
    const CLEAR: &str = "DELETE FROM busy_times WHERE collection_id = ?1";
    alone(connection, |connection| {
        let collection = rebuilt.collection;
        let standing = standing(connection, collection)?.ok_or(Error::NotFound)?;
        if standing.sequence != rebuilt.sequence {
            return Ok(false);
        }
        connection.execute(CLEAR, [collection.into_raw()])?;
        set_basis(connection, collection, &rebuilt.basis)?;
        for (name, pages) in &rebuilt.objects {
            keep(connection, collection, name, pages)?;
        }
        Ok(true)
    })
}

pub(super) fn place(connection: &Connection, new: &NewHold) -> Result<(), Error> {
    const LAPSED: &str = "DELETE FROM holds WHERE collection_id = ?1 AND lapses <= ?2";
    const PLACE: &str = "INSERT INTO holds (collection_id, token, starts, ends, lapses) \
         VALUES (?1, ?2, ?3, ?4, ?5)";
    alone(connection, |connection| {
        let id = new.collection.into_raw();
        let standing = standing(connection, new.collection)?.ok_or(Error::NotFound)?;
        let others = others(connection, &standing)?;
        standing.holds(new, &others)?;
        connection.execute(LAPSED, (id, new.at.millis()))?;
        let pages = new.pages();
        let mut booking = Booking::of_pages(&pages);
        if standing.is_opaque {
            beside(connection, new.collection, &mut booking, None)?;
        }
        for (other, _) in &others {
            beside(connection, *other, &mut booking, None)?;
            let held = holds(connection, *other)?;
            let held = held.iter().filter(|hold| hold.is_in_force(new.at));
            held.for_each(|hold| booking.beside_hold(hold));
        }
        let held = holds(connection, new.collection)?;
        held.iter().for_each(|hold| booking.beside_hold(hold));
        refuse(connection, booking.taken())?;
        Hold::check_count(held.len())?;
        let Hold {
            token,
            interval,
            lapses,
        } = new.hold;
        connection.execute(
            PLACE,
            params![
                id,
                token.into_raw(),
                interval.start().timestamp_millis(),
                interval.end().timestamp_millis(),
                lapses.millis(),
            ],
        )?;
        Ok(())
    })
}

pub(super) fn release(
    connection: &Connection,
    collection: CollectionId,
    token: HoldToken,
    at: Timestamp,
) -> Result<bool, Error> {
    alone(connection, |connection| {
        let held = holds(connection, collection)?;
        let held = held.iter().find(|hold| hold.token == token);
        end_hold(connection, collection, token)?;
        Ok(held.is_some_and(|hold| hold.is_in_force(at)))
    })
}

impl Reader<'_> {
    pub(super) fn busy(&self, query: &BusyQuery) -> Result<Vec<CalendarBusy>, Error> {
        let calendars = query.collections.iter();
        calendars
            .map(|id| self.calendar_busy(*id, &query.window, query.wanted))
            .collect()
    }

    fn calendar_busy(
        &self,
        collection: CollectionId,
        window: &Interval,
        wanted: Wanted,
    ) -> Result<CalendarBusy, Error> {
        const BASIS: &str = "SELECT b.digest, b.first_page, b.end_page, c.sequence, c.modified \
             FROM busy_calendars b \
             JOIN collections c USING (collection_id) \
             WHERE b.collection_id = ?1 AND c.trashed_at IS NULL";
        const TIMES: &str = "SELECT page, starts, ends, times FROM busy_times \
             WHERE collection_id = ?1 AND page >= ?2 AND page < ?3 \
             AND starts < ?5 AND ends > ?4";
        let id = collection.into_raw();
        let stands = |row: &Row<'_>| Ok((basis(row)?, natural(row, 3)?, row.get(4)?));
        let Some((Some(basis), sequence, modified)) = self.row(BASIS, [id], stands)? else {
            return Ok(CalendarBusy::default());
        };
        let pages = basis.horizon.pages(window);
        let key = (
            id,
            pages.start.number(),
            pages.end.number(),
            window.start().timestamp(),
            window.end().timestamp().saturating_add(1),
        );
        let times = match wanted {
            Wanted::Standing => Vec::new(),
            Wanted::Times => self.rows(TIMES, key, |row| {
                let page = BusyPage::from_number(row.get(0)?);
                let (starts, ends, times) = (row.get(1)?, row.get(2)?, row.get(3)?);
                Ok(PageTimes::from_stored(page, starts, ends, times))
            })?,
        };
        let sql = format!(
            "SELECT {HOLD} FROM holds WHERE collection_id = ?1 AND starts < ?3 AND ends > ?2"
        );
        let millis = |at: DateTime<_>| at.timestamp_millis();
        let key = (id, millis(window.start()), millis(window.end()));
        Ok(CalendarBusy {
            basis: Some(basis),
            sequence,
            modified: Timestamp::from_millis(modified),
            times,
            holds: self.rows(&sql, key, hold)?,
        })
    }
}
