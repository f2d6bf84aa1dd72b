//! The time that calendars take, in memory.

use std::collections::BTreeMap;

use super::folder::Folder;
use super::state::State;
use crate::busy::Reckoning;
use crate::calendar_object;
use crate::{
    Beside, Booking, BusyBasis, BusyHorizon, BusyPage, BusyQuery, CalendarBusy, Cause,
    CollectionId, CollectionKind, DoubleBooking, Error, Hold, HoldToken, Keeping, NewHold,
    ObjectName, PageTimes, PrincipalKind, PutObject, RebuiltBusy, Standing, Taken, Timestamp,
    Transparency, Wanted,
};

/// What is kept of one calendar.
#[derive(Debug, Clone, Default)]
pub(super) struct KeptBusy {
    pub(super) basis: Option<BusyBasis>,
    pub(super) times: BTreeMap<(BusyPage, ObjectName), PageTimes>,
    pub(super) holds: Vec<Hold>,
}

impl KeptBusy {
    fn put(&mut self, name: &ObjectName, pages: &[PageTimes]) {
        self.remove(name);
        for times in pages {
            let key = (times.page(), name.clone());
            self.times.insert(key, times.clone());
        }
    }

    pub(super) fn remove(&mut self, name: &ObjectName) {
        let horizon = self.basis.map(|basis| basis.horizon);
        for page in horizon.into_iter().flat_map(BusyHorizon::into_pages) {
            self.times.remove(&(page, name.clone()));
        }
    }

    /// Holds times against those of the objects of a calendar but `own`.
    fn beside(&self, booking: &mut Booking<'_>, id: CollectionId, own: Option<&ObjectName>) {
        let pages: Vec<_> = booking.pages().collect();
        for (page, ..) in pages {
            let from = (page, ObjectName::from_stored(""));
            let times = self.times.range(from..);
            for ((_, name), times) in times.take_while(|((other, _), _)| *other == page) {
                if Some(name) != own {
                    booking.beside((id, name), times);
                }
            }
        }
    }

    fn held(&self, at: Timestamp) -> impl Iterator<Item = &Hold> {
        self.holds.iter().filter(move |hold| hold.is_in_force(at))
    }
}

impl State {
    /// What a put does with the time of its calendar; all that it is refused for.
    pub(super) fn check_busy(&self, put: &PutObject, cause: &Cause) -> Result<Keeping, Error> {
        let folder = self.folder(put.collection).ok_or(Error::ParentMissing)?;
        put.held(&folder.busy.holds, cause.at)?;
        if put.index.is_none() {
            return Ok(Keeping::None);
        }
        let standing = self.standing(folder);
        let others = self.others(folder, &standing);
        let keeping = standing.keeping(put, &bases(&others))?;
        let Some(busy) = &put.busy else {
            return Ok(keeping);
        };
        if standing.double_booking() == DoubleBooking::Refused {
            let mut booking = Booking::new(busy);
            let calendars = others.iter().copied().chain([folder]);
            for calendar in calendars {
                let own = Some(&put.name).filter(|_| calendar.collection.id == put.collection);
                let id = calendar.collection.id;
                calendar.busy.beside(&mut booking, id, own);
                let holds = calendar.busy.held(cause.at);
                for hold in holds.filter(|hold| put.hold != Some(hold.token)) {
                    booking.beside_hold(hold);
                }
            }
            if let Some(taken) = booking.taken() {
                return Err(self.refusal(&taken));
            }
        }
        Ok(keeping)
    }

    pub(super) fn busy(&self, query: &BusyQuery) -> Vec<CalendarBusy> {
        let kept = |id: &CollectionId| {
            let Some(folder) = self.folder(*id) else {
                return CalendarBusy::default();
            };
            let times = folder.busy.times.values();
            let wanted = query.wanted == Wanted::Times;
            let holds = folder.busy.holds.iter().copied();
            CalendarBusy {
                basis: folder.busy.basis,
                sequence: folder.sequence(),
                modified: folder.collection.modified,
                times: times
                    .filter(|times| wanted && times.touches(&query.window))
                    .cloned()
                    .collect(),
                holds: holds
                    .filter(|hold| hold.interval.overlaps(&query.window))
                    .collect(),
            }
        };
        query.collections.iter().map(kept).collect()
    }

    pub(super) fn set_busy(&mut self, rebuilt: &RebuiltBusy) -> Result<bool, Error> {
        let folder = self.folder_mut(rebuilt.collection).ok_or(Error::NotFound)?;
        if folder.sequence() != rebuilt.sequence {
            return Ok(false);
        }
        folder.busy.basis = Some(rebuilt.basis);
        folder.busy.times.clear();
        for (name, pages) in &rebuilt.objects {
            folder.busy.put(name, pages);
        }
        Ok(true)
    }

    /// Places a hold again that was placed before.
    pub(super) fn hold_again(&mut self, (id, hold): (CollectionId, Hold), at: Timestamp) {
        if let Some(folder) = self.folders.get_mut(&id) {
            folder.busy.holds.retain(|hold| hold.is_in_force(at));
            folder.busy.holds.push(hold);
        }
    }

    /// How the times of a calendar are worked out, and kept from now on: for
    /// writes that come without them. None if none are kept and none matter.
    pub(super) fn reckoning(
        &mut self,
        id: CollectionId,
        at: Timestamp,
    ) -> Result<Option<Reckoning>, Error> {
        let folder = self.folder(id).ok_or(Error::ParentMissing)?;
        let standing = self.standing(folder);
        let others = self.others(folder, &standing);
        let others: Vec<_> = others.iter().map(|other| other.collection.id).collect();
        let mut beside = Vec::with_capacity(others.len());
        for collection in others {
            if let Some(Reckoning { basis, .. }) = self.own_reckoning(collection, at)? {
                beside.push(Beside { collection, basis });
            }
        }
        let is_exclusive = standing.double_booking() == DoubleBooking::Refused;
        let beside = is_exclusive.then(|| beside.into());
        let own = self.own_reckoning(id, at)?;
        Ok(own.map(|reckoning| reckoning.beside(beside)))
    }

    /// The same, whatever is beside the calendar.
    fn own_reckoning(
        &mut self,
        id: CollectionId,
        at: Timestamp,
    ) -> Result<Option<Reckoning>, Error> {
        let folder = self.folder(id).ok_or(Error::ParentMissing)?;
        let standing = self.standing(folder);
        if standing.basis.is_none() && standing.double_booking() == DoubleBooking::Accepted {
            return Ok(None);
        }
        let collection = &folder.collection;
        let owner = self.names.get(&collection.owner);
        let owner = owner.and_then(|name| self.principals.get(name));
        let emails = owner.map_or(&[][..], |account| &account.principal.emails);
        let zone = collection.details.time_zone.as_deref();
        let digest = Reckoning::digest(zone, emails);
        let fresh = standing.basis.filter(|basis| basis.digest == digest);
        if let Some(basis) = fresh.filter(|basis| basis.horizon.reaches(at)) {
            return Ok(Some(Reckoning::new(zone, emails, basis.horizon)));
        }
        let reckoning = Reckoning::new(zone, emails, BusyHorizon::around(at));
        let calendar_objects = folder.objects().filter(|kept| kept.index.is_some());
        let objects = calendar_objects.map(|kept| {
            let busy = calendar_object::busy(&kept.object.body, &reckoning);
            let pages = busy.map_or_else(|_| Vec::new(), |busy| busy.pages);
            (kept.object.entry.name.clone(), pages)
        });
        let rebuilt = RebuiltBusy {
            collection: id,
            sequence: standing.sequence,
            basis: reckoning.basis,
            objects: objects.collect(),
        };
        self.set_busy(&rebuilt)?;
        Ok(Some(reckoning))
    }

    pub(super) fn place_hold(&mut self, new: &NewHold) -> Result<(), Error> {
        let folder = self.folder(new.collection).ok_or(Error::NotFound)?;
        let standing = self.standing(folder);
        let others = self.others(folder, &standing);
        standing.holds(new, &bases(&others))?;
        let pages = new.pages();
        let mut booking = Booking::of_pages(&pages);
        for calendar in others.iter().copied().chain([folder]) {
            if standing.is_opaque {
                let id = calendar.collection.id;
                calendar.busy.beside(&mut booking, id, None);
            }
            for hold in calendar.busy.held(new.at) {
                booking.beside_hold(hold);
            }
        }
        if let Some(taken) = booking.taken() {
            return Err(self.refusal(&taken));
        }
        let holds: Vec<_> = folder.busy.held(new.at).copied().collect();
        Hold::check_count(holds.len())?;
        if let Some(folder) = self.folder_mut(new.collection) {
            folder.busy.holds = holds;
            folder.busy.holds.push(new.hold);
        }
        Ok(())
    }

    pub(super) fn release_hold(
        &mut self,
        collection: CollectionId,
        token: HoldToken,
        at: Timestamp,
    ) -> bool {
        let Some(folder) = self.folder_mut(collection) else {
            return false;
        };
        let holds = &mut folder.busy.holds;
        let place = holds.iter().position(|hold| hold.token == token);
        let released = place.map(|place| holds.swap_remove(place));
        released.is_some_and(|hold| hold.is_in_force(at))
    }

    fn standing(&self, folder: &Folder) -> Standing {
        let collection = &folder.collection;
        let owner = self.names.get(&collection.owner);
        let owner = owner.and_then(|name| self.principals.get(name));
        let kind = owner.map(|account| account.principal.kind);
        let property = DoubleBooking::property();
        let is_reserved = kind.is_some_and(PrincipalKind::is_reserved);
        Standing {
            collection: collection.id,
            sequence: folder.sequence(),
            basis: folder.busy.basis,
            is_opaque: collection.details.transparency == Transparency::Opaque,
            is_exclusive: is_reserved || collection.properties.contains_key(&property),
            is_reserved,
        }
    }

    /// The other calendars with which one shares its time.
    fn others(&self, folder: &Folder, standing: &Standing) -> Vec<&Folder> {
        if !standing.shares_time() {
            return Vec::new();
        }
        let own = &folder.collection;
        let others = self.folders.values().filter(|other| {
            let there = &other.collection;
            other.trashed.is_none()
                && there.owner == own.owner
                && there.id != own.id
                && matches!(there.kind, CollectionKind::Calendar(_))
                && there.details.transparency == Transparency::Opaque
        });
        others.collect()
    }

    fn refusal(&self, taken: &Taken) -> Error {
        let by = taken.by.as_ref();
        let kept = by.and_then(|(id, name)| self.folder(*id)?.kept(name));
        let index = kept.and_then(|kept| kept.index.as_ref());
        taken.refusal(index.map(|index| index.uid.clone()))
    }
}

/// What the times of calendars were worked out from.
fn bases(calendars: &[&Folder]) -> Vec<(CollectionId, Option<BusyBasis>)> {
    let calendars = calendars.iter();
    calendars
        .map(|calendar| (calendar.collection.id, calendar.busy.basis))
        .collect()
}

impl Folder {
    /// Keeps when an object takes time, which was checked.
    pub(super) fn keep_busy(&mut self, put: &PutObject, keeping: Keeping) {
        if let Some(token) = put.hold {
            self.busy.holds.retain(|hold| hold.token != token);
        }
        let Some(busy) = put.busy.as_ref().filter(|_| keeping != Keeping::None) else {
            return;
        };
        self.busy.basis = Some(busy.basis);
        self.busy.put(&put.name, &busy.pages);
    }
}
