//! A store in memory as a whole: for the folder backend, which keeps its state
//! in one.

use super::jobs::GrantedLease;
use super::{Memory, State};
use crate::busy::Reckoning;
use crate::{
    Cause, Collection, CollectionId, CollectionKind, ETag, Error, Hold, HoldToken, IndexBasis,
    IndexRow, Lease, LeaseRequest, LeasedJob, NewHold, Object, ObjectName, OldLetters,
    PrincipalName, Pruned, RebuiltBusy, Receipt, Record, RecordKey, Timestamp, Transaction,
};

impl Memory {
    /// Commits at once.
    pub(crate) fn commit_whole(&self, transaction: &Transaction) -> Result<Vec<Receipt>, Error> {
        self.state().commit(transaction)
    }

    /// Does again what was done before. After an error the state is of no use.
    pub(crate) fn replay(&self, transaction: &Transaction) -> Result<(), Error> {
        self.state().replay(transaction)
    }

    /// Prunes at once.
    pub(crate) fn prune_whole(&self, before: Timestamp, cause: &Cause) -> Pruned {
        self.state().prune(before, cause)
    }

    /// Forgets dead letters at once.
    pub(crate) fn prune_letters_whole(&self, old: OldLetters, cause: &Cause) -> u64 {
        self.state().prune_dead_letters(old, cause)
    }

    /// Takes in records, all or none.
    pub(crate) fn load_whole(&self, records: &[Record]) -> Result<(), Error> {
        let mut state = self.state();
        let mut next = state.clone();
        records.iter().try_for_each(|record| next.load(record))?;
        *state = next;
        Ok(())
    }

    /// Takes in records. After an error the state is of no use.
    pub(crate) fn replay_records(&self, records: &[Record]) -> Result<(), Error> {
        let mut state = self.state();
        records.iter().try_for_each(|record| state.load(record))
    }

    /// Records after one of them.
    pub(crate) fn records_after(&self, after: Option<&RecordKey>, limit: usize) -> Vec<Record> {
        self.state().records(after, limit)
    }

    /// Leases jobs at once; also answers the leases for the journal.
    pub(crate) fn lease_whole(
        &self,
        request: &LeaseRequest,
    ) -> (Vec<LeasedJob>, Vec<GrantedLease>) {
        let mut state = self.state();
        let leased = state.lease_jobs(request);
        let granted = state.granted(leased.iter().map(|it| it.job.id));
        (leased, granted)
    }

    /// Prolongs a lease at once; answers it for the journal.
    pub(crate) fn extend_whole(
        &self,
        lease: Lease,
        until: Timestamp,
    ) -> Result<Vec<GrantedLease>, Error> {
        let mut state = self.state();
        state.extend_lease(lease, until)?;
        Ok(state.granted([lease.job]))
    }

    /// All leases.
    pub(crate) fn leases(&self) -> Vec<GrantedLease> {
        self.state().leases()
    }

    /// Grants leases that were granted before.
    pub(crate) fn grant(&self, leases: &[GrantedLease]) -> Result<(), Error> {
        self.state().grant(leases)
    }

    /// Places a hold at once.
    pub(crate) fn hold_whole(&self, new: &NewHold) -> Result<(), Error> {
        self.state().place_hold(new)
    }

    /// Places a hold that was placed before.
    pub(crate) fn hold_again(&self, hold: (CollectionId, Hold), at: Timestamp) {
        self.state().hold_again(hold, at);
    }

    /// Ends a hold at once; answers whether it was there, and whether it was in force.
    pub(crate) fn release_whole(
        &self,
        (id, token): (CollectionId, HoldToken),
        at: Timestamp,
    ) -> (bool, bool) {
        let mut state = self.state();
        let folder = state.folder(id);
        let mut holds = folder.into_iter().flat_map(|folder| &folder.busy.holds);
        let is_there = holds.any(|hold| hold.token == token);
        (is_there, state.release_hold(id, token, at))
    }

    /// Keeps the times of a calendar at once.
    pub(crate) fn set_busy_whole(&self, rebuilt: &RebuiltBusy) -> Result<bool, Error> {
        self.state().set_busy(rebuilt)
    }

    /// How the times are worked out of what is put into a calendar from outside.
    pub(crate) fn reckoning(
        &self,
        id: CollectionId,
        at: Timestamp,
    ) -> Result<Option<Reckoning>, Error> {
        self.state().reckoning(id, at)
    }

    /// Takes over what another holds.
    pub(crate) fn replace(&self, other: &Self) {
        let next: State = other.state().clone();
        *self.state() = next;
    }

    /// The kind of a collection, also of one in the trash.
    pub(crate) fn kind(&self, id: CollectionId) -> Option<CollectionKind> {
        let state = self.state();
        state.folders.get(&id).map(|folder| folder.collection.kind)
    }

    /// All collections that are not in the trash, with the names of the owners
    /// of homes.
    pub(crate) fn live(&self) -> Vec<(Collection, Option<PrincipalName>)> {
        let state = self.state();
        let live = state.folders.values().filter(|it| it.trashed.is_none());
        live.map(|folder| {
            let collection = folder.collection.clone();
            let owner = state.names.get(&collection.owner).cloned();
            let owner = owner.filter(|_| collection.parent.is_none());
            (collection, owner)
        })
        .collect()
    }

    /// A collection that is not in the trash.
    pub(crate) fn live_collection(&self, id: CollectionId) -> Option<Collection> {
        Some(self.state().folder(id)?.collection.clone())
    }

    /// One object.
    pub(crate) fn object_whole(&self, id: CollectionId, name: &ObjectName) -> Option<Object> {
        self.state().object(id, name)
    }

    /// The objects of a collection, also of one in the trash, as they are indexed.
    pub(crate) fn index_rows(&self, id: CollectionId) -> Vec<(ObjectName, ETag, IndexRow)> {
        let state = self.state();
        let objects = state.folders.get(&id).into_iter();
        let objects = objects.flat_map(super::folder::Folder::objects);
        let rows = objects.filter_map(|kept| {
            let entry = &kept.object.entry;
            Some((entry.name.clone(), entry.etag, kept.index.clone()?))
        });
        rows.collect()
    }

    /// All collections, also those in the trash.
    pub(crate) fn collection_ids(&self) -> Vec<CollectionId> {
        self.state().folders.keys().copied().collect()
    }

    /// What the index was made with.
    pub(crate) fn index_basis_whole(&self) -> Option<IndexBasis> {
        self.state().index_basis.clone()
    }

    /// Notes at once what the index was made with.
    pub(crate) fn set_index_basis_whole(&self, basis: Option<IndexBasis>) {
        self.state().index_basis = basis;
    }

    /// The names of the objects of a collection.
    pub(crate) fn object_names(&self, id: CollectionId) -> Vec<ObjectName> {
        let state = self.state();
        let members = state.folder(id).map(|folder| &folder.members);
        let names = members.into_iter().flatten();
        let objects =
            names.filter(|(_, member)| matches!(member, super::folder::Member::Object(_)));
        objects.map(|(name, _)| name.clone()).collect()
    }

    /// The tags of all that an object has been.
    pub(crate) fn known_tags(&self, id: CollectionId, name: &ObjectName) -> Vec<ETag> {
        let state = self.state();
        let Some(folder) = state.folders.get(&id) else {
            return Vec::new();
        };
        let past = folder.past.get(name).into_iter().flat_map(|it| it.values());
        let past = past.map(|past| past.kept.object.entry.etag);
        let now = folder.kept(name).map(|kept| kept.object.entry.etag);
        past.chain(now).collect()
    }
}
