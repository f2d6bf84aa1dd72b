//! All that a store in memory keeps, and its transactions.

use std::collections::{BTreeMap, HashMap};

use super::audit::Chain;
use super::folder::Folder;
use super::jobs::Task;
use crate::{
    AppToken, AuditChain, CollectionId, Envelope, Epoch, Error, IndexBasis, JobId, Lock, LockToken,
    PasswordHash, Principal, PrincipalId, PrincipalName, Pruning, Receipt, SourceId, Timestamp,
    Transaction, Write,
};

#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) epoch: Epoch,
    pub(super) principals: BTreeMap<PrincipalName, Account>,
    pub(super) names: HashMap<PrincipalId, PrincipalName>,
    pub(super) emails: HashMap<String, PrincipalId>,
    pub(super) homes: HashMap<PrincipalId, CollectionId>,
    pub(super) folders: BTreeMap<CollectionId, Folder>,
    pub(super) audit: BTreeMap<AuditChain, Chain>,
    /// The latest is the last.
    pub(super) prunings: Vec<Pruning>,
    pub(super) index_basis: Option<IndexBasis>,
    pub(super) jobs: BTreeMap<JobId, Task>,
    pub(super) secrets: BTreeMap<SourceId, (Envelope, Timestamp)>,
    pub(super) locks: BTreeMap<LockToken, Lock>,
}

#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) principal: Principal,
    pub(super) password: Option<PasswordHash>,
    pub(super) tokens: Vec<AppToken>,
}

impl State {
    pub(super) fn new(epoch: Epoch) -> Self {
        Self {
            epoch,
            principals: BTreeMap::new(),
            names: HashMap::new(),
            emails: HashMap::new(),
            homes: HashMap::new(),
            folders: BTreeMap::new(),
            audit: BTreeMap::new(),
            prunings: Vec::new(),
            index_basis: None,
            jobs: BTreeMap::new(),
            secrets: BTreeMap::new(),
            locks: BTreeMap::new(),
        }
    }

    pub(super) fn commit(&mut self, transaction: &Transaction) -> Result<Vec<Receipt>, Error> {
        for (id, sequence) in &transaction.unmoved {
            let stands = self.folder(*id).map(Folder::sequence);
            Transaction::check_unmoved((*id, *sequence), stands)?;
        }
        if let [write] = &*transaction.writes {
            // Each write checks everything before it changes anything.
            return Ok(vec![self.write(write, transaction)?]);
        }
        let mut next = self.clone();
        let writes = transaction.writes.iter();
        let receipts = writes
            .map(|write| next.write(write, transaction))
            .collect::<Result<_, _>>()?;
        *self = next;
        Ok(receipts)
    }

    /// Does again what was done before, without a way back. No busy times are
    /// kept: those who ask for them have them worked out.
    pub(super) fn replay(&mut self, transaction: &Transaction) -> Result<(), Error> {
        let mut writes = transaction.writes.iter();
        writes.try_for_each(|write| match write {
            Write::PutObject(put) => self.put_again(put, &transaction.cause),
            write => self.write(write, transaction).map(drop),
        })
    }

    fn write(&mut self, write: &Write, within: &Transaction) -> Result<Receipt, Error> {
        let cause = &within.cause;
        match write {
            Write::CreatePrincipal(new, home) => self.create_principal(new, *home, cause),
            Write::UpdatePrincipal(id, changes) => self.update_principal(*id, changes, cause),
            Write::RemovePrincipal(id) => self.remove_principal(*id, cause),
            Write::SetPassword(id, hash) => self.set_password(*id, hash.clone(), cause),
            Write::AddToken(token) => self.add_token(token, cause),
            Write::RevokeToken(principal, token) => self.revoke_token(*principal, *token, cause),
            Write::CreateCollection(new) => self.create_collection(new, within),
            Write::UpdateCollection(id, changes) => self.update_collection(*id, changes, within),
            Write::MoveCollection(to) => self.move_collection(to, within),
            Write::DeleteCollection(id) => self.delete_collection(*id, within),
            Write::RestoreCollection(to) => self.untrash_collection(to, within),
            Write::PutObject(put) => self.put(put, within),
            Write::DeleteObject(delete) => self.delete(delete, within),
            Write::UpdateObject(collection, name, changes) => {
                self.update_object((*collection, name), changes, within)
            }
            Write::Job(write) => self.job(write, cause),
            Write::Secret(write) => self.secret_write(write, cause),
            Write::Lock(write) => self.lock(write, cause),
        }
    }

    /// A collection that is not in the trash.
    pub(super) fn folder(&self, id: CollectionId) -> Option<&Folder> {
        self.folders
            .get(&id)
            .filter(|folder| folder.trashed.is_none())
    }

    /// A collection that is not in the trash.
    pub(super) fn folder_mut(&mut self, id: CollectionId) -> Option<&mut Folder> {
        self.folders
            .get_mut(&id)
            .filter(|folder| folder.trashed.is_none())
    }
}
