//! People who edit calendars without knowing of each other.

use std::collections::BTreeSet;

use cal_core::{Calendar, Moment, NewComponent, NewProperty, PropertyKind};
use chrono::{DateTime, NaiveDateTime, TimeDelta};

use super::ledger::Ledger;
use super::random::Random;
use crate::endpoint::{Endpoint, Fetched, Place, Run};
use crate::{Body, Error, Side, Uid};

/// The property that marks a move, which has no text of its own.
const MOVED: &str = "X-MOVED";

/// Makes edits on both sides and keeps the ledger.
#[derive(Debug)]
pub(super) struct User {
    random: Random,
    clock: DateTime<chrono::Utc>,
    pub(super) ledger: Ledger,
    pub(super) edits: u64,
    /// The objects of which a write is open.
    pub(super) open: BTreeSet<String>,
}

impl User {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            clock: DateTime::UNIX_EPOCH + TimeDelta::days(20_000),
            ledger: Ledger::default(),
            edits: 0,
            open: BTreeSet::new(),
        }
    }

    /// One edit of one side.
    pub(super) async fn edit(&mut self, side: Side, endpoint: &dyn Endpoint) -> Result<(), Error> {
        let objects = everything(endpoint).await?;
        match self.random.pick(&objects).cloned() {
            Some(object) if !self.random.one_in(3) => self.change(side, endpoint, object).await,
            _ => {
                let uid = self.new_uid();
                self.create(&uid, endpoint).await
            }
        }
    }

    /// The same new object on both sides, differently, as two imports make it.
    pub(super) async fn create_on_both(
        &mut self,
        a: &dyn Endpoint,
        b: &dyn Endpoint,
    ) -> Result<(), Error> {
        let uid = self.new_uid();
        self.create(&uid, a).await?;
        self.create(&uid, b).await
    }

    /// Edits the object at this place, if it is still there.
    pub(super) async fn edit_object(
        &mut self,
        side: Side,
        endpoint: &dyn Endpoint,
        place: &Place,
    ) -> Result<(), Error> {
        let found = endpoint.fetch(std::slice::from_ref(&place.id)).await?;
        match found.into_iter().next() {
            Some(object) => self.change(side, endpoint, object).await,
            None => Ok(()),
        }
    }

    fn new_uid(&mut self) -> Uid {
        let uid = format!("u{}", self.ledger.created.len());
        self.ledger.created.insert(uid.clone());
        Uid::new(uid)
    }

    fn tick(&mut self) -> NaiveDateTime {
        self.edits += 1;
        self.clock += TimeDelta::seconds(1);
        self.clock.naive_utc()
    }

    async fn create(&mut self, uid: &Uid, endpoint: &dyn Endpoint) -> Result<(), Error> {
        let now = self.tick();
        let mut event = NewComponent::event(uid.as_str(), now)
            .with(NewProperty::of(PropertyKind::LastModified).with_moment(&Moment::Utc(now)))
            .with_start(&self.time())
            .with_summary(&self.ledger.token(uid.as_str()));
        if self.random.one_in(2) {
            let place = self.ledger.token(uid.as_str());
            event = event.with(NewProperty::of(PropertyKind::Location).with_text(&place));
        }
        if self.random.one_in(2) {
            event = event.with(NewProperty::of(PropertyKind::RRule).with_raw_value("FREQ=DAILY"));
        }
        let calendar = event.into_calendar("-//simulated//user//EN");
        let body = Body::from(calendar.to_bytes().to_vec());
        endpoint.create(uid, &body, &self.run()).await.map(drop)
    }

    /// Changes or deletes an object.
    async fn change(
        &mut self,
        side: Side,
        endpoint: &dyn Endpoint,
        object: Fetched,
    ) -> Result<(), Error> {
        let now = self.tick();
        let mut calendar = Calendar::read(object.body.as_bytes()).calendar;
        let Some(uid) = uid_of(&calendar) else {
            return Ok(());
        };
        if self.open.contains(&uid) {
            self.ledger.uncertain.insert(uid.clone());
        }
        if self.random.one_in(6) {
            self.ledger.supersede(&calendar.to_string());
            self.ledger.deleted.insert(uid);
            return endpoint.delete(&object.place, &self.run()).await;
        }
        match self.random.below(6) {
            0 => self.except(&mut calendar, &uid),
            1 => {
                self.move_to_another_time(&mut calendar, &uid, now)?;
            }
            _ => self.word(&mut calendar, &uid, now, side)?,
        }
        let body = Body::from(calendar.to_bytes().to_vec());
        endpoint
            .update(&object.place, &body, &self.run())
            .await
            .map(drop)
    }

    fn move_to_another_time(
        &mut self,
        calendar: &mut Calendar,
        uid: &str,
        now: NaiveDateTime,
    ) -> Result<(), Error> {
        let start = self.time();
        let mut event = calendar
            .event_mut(uid)
            .map_err(|e| Error::Failed(e.into()))?;
        if let Some(old) = event.component().property(MOVED) {
            self.ledger.supersede(&old.raw_value());
        }
        let mark = NewProperty::new(MOVED).map_err(|e| Error::Failed(e.into()))?;
        let mark = mark.with_text(&self.ledger.token(uid));
        event.set_start(&start).set(&mark).touch(now);
        Ok(())
    }

    /// Writes another text into one property.
    fn word(
        &mut self,
        calendar: &mut Calendar,
        uid: &str,
        now: NaiveDateTime,
        side: Side,
    ) -> Result<(), Error> {
        let kinds = [
            PropertyKind::Summary,
            PropertyKind::Location,
            PropertyKind::Description,
        ];
        let kind = self
            .random
            .pick(&kinds)
            .copied()
            .unwrap_or(PropertyKind::Summary);
        let mut event = calendar
            .event_mut(uid)
            .map_err(|e| Error::Failed(e.into()))?;
        if let Some(old) = event.component().text(kind) {
            self.ledger.supersede(&old);
        }
        let text = format!("{} on {side}", self.ledger.token(uid));
        event.set_text(kind, &text).touch(now);
        Ok(())
    }

    /// Overrides one instance.
    fn except(&mut self, calendar: &mut Calendar, uid: &str) {
        let now = self.tick();
        let start = self.time();
        let taken = calendar
            .components()
            .any(|component| component.recurrence_id().ok().flatten().as_ref() == Some(&start));
        if taken {
            return;
        }
        let instance = NewComponent::event(uid, now)
            .with(NewProperty::of(PropertyKind::RecurrenceId).with_moment(&start))
            .with(NewProperty::of(PropertyKind::LastModified).with_moment(&Moment::Utc(now)))
            .with_start(&start)
            .with_summary(&self.ledger.token(uid));
        // A calendar that was just read has a VCALENDAR to add it to.
        let added = calendar.add(&instance);
        debug_assert!(added.is_ok());
    }

    fn time(&mut self) -> Moment {
        let hours = i64::try_from(self.random.below(48)).unwrap_or(0);
        let start = DateTime::UNIX_EPOCH + TimeDelta::days(20_100) + TimeDelta::hours(hours);
        Moment::Utc(start.naive_utc())
    }

    fn run(&self) -> Run {
        Run::new("user", self.clock)
    }
}

fn uid_of(calendar: &Calendar) -> Option<String> {
    Some(calendar.objects().first()?.uid().to_owned())
}

/// All objects of a side.
pub(super) async fn everything(endpoint: &dyn Endpoint) -> Result<Vec<Fetched>, Error> {
    let listing = endpoint.list().await?;
    let ids: Vec<_> = listing
        .entries
        .into_iter()
        .map(|entry| entry.place.id)
        .collect();
    endpoint.fetch(&ids).await
}
