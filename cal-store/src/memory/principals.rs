//! Principals and credentials in memory.

use std::sync::Arc;

use super::state::{Account, State};
use crate::audit::Audited;
use crate::{
    AppToken, AuditAction, Cause, Collection, CollectionId, CollectionKind, CollectionName, Cursor,
    Effect, EmailAddress, Error, Lock, NewPrincipal, Page, PageRequest, PasswordHash, Principal,
    PrincipalChanges, PrincipalId, PrincipalKey, PrincipalName, Receipt, SyncToken, TokenHash,
    TokenId,
};

use super::folder::Folder;

impl State {
    pub(super) fn create_principal(
        &mut self,
        new: &NewPrincipal,
        home: CollectionId,
        cause: &Arc<Cause>,
    ) -> Result<Receipt, Error> {
        if self.names.contains_key(&new.id) || self.folders.contains_key(&home) {
            return Err(Error::Exists);
        }
        self.check_name(new.id, &new.name)?;
        self.check_emails(new.id, &new.emails)?;
        let principal = Principal {
            id: new.id,
            name: new.name.clone(),
            kind: new.kind,
            role: new.role,
            display_name: new.display_name.clone(),
            emails: new.emails.clone(),
            created: cause.at,
            credential_generation: 0,
        };
        let token = SyncToken::new(self.epoch, home, 0);
        let name = CollectionName::new(new.id.to_string())?;
        let mut collection = Collection::new(token, new.id, name, CollectionKind::Home);
        (collection.created, collection.modified) = (cause.at, cause.at);
        self.set_emails(new.id, &new.emails);
        self.names.insert(new.id, new.name.clone());
        self.homes.insert(new.id, home);
        self.folders.insert(home, Folder::new(collection));
        let account = Account {
            principal,
            password: None,
            tokens: Vec::new(),
        };
        self.principals.insert(new.name.clone(), account);
        self.audit_principal(AuditAction::CreatePrincipal, new.id, cause);
        Ok(Receipt::new(Effect::Created, 0))
    }

    pub(super) fn update_principal(
        &mut self,
        id: PrincipalId,
        changes: &PrincipalChanges,
        cause: &Arc<Cause>,
    ) -> Result<Receipt, Error> {
        let old = self.names.get(&id).cloned().ok_or(Error::NotFound)?;
        let name = changes.name.clone().unwrap_or_else(|| old.clone());
        self.check_name(id, &name)?;
        if let Some(emails) = &changes.emails {
            self.check_emails(id, emails)?;
            self.set_emails(id, emails);
        }
        let mut account = self.principals.remove(&old).ok_or(Error::NotFound)?;
        let principal = &mut account.principal;
        principal.name = name.clone();
        principal.kind = changes.kind.unwrap_or(principal.kind);
        principal.role = changes.role.unwrap_or(principal.role);
        if let Some(display_name) = &changes.display_name {
            principal.display_name.clone_from(display_name);
        }
        if let Some(emails) = &changes.emails {
            principal.emails.clone_from(emails);
        }
        self.names.insert(id, name.clone());
        self.principals.insert(name, account);
        self.audit_principal(AuditAction::UpdatePrincipal, id, cause);
        Ok(Receipt::new(Effect::Updated, 0))
    }

    pub(super) fn remove_principal(
        &mut self,
        id: PrincipalId,
        cause: &Arc<Cause>,
    ) -> Result<Receipt, Error> {
        self.account(id).ok_or(Error::NotFound)?;
        self.audit_principal(AuditAction::RemovePrincipal, id, cause);
        let name = self.names.remove(&id).ok_or(Error::NotFound)?;
        self.principals.remove(&name);
        self.emails.retain(|_, owner| *owner != id);
        self.homes.remove(&id);
        self.folders
            .retain(|_, folder| folder.collection.owner != id);
        let folders = &self.folders;
        let is_there = |lock: &Lock| folders.contains_key(&lock.root.collection);
        self.locks.retain(|_, lock| is_there(lock));
        Ok(Receipt::new(Effect::Deleted, 0))
    }

    pub(super) fn set_password(
        &mut self,
        id: PrincipalId,
        hash: Option<PasswordHash>,
        cause: &Arc<Cause>,
    ) -> Result<Receipt, Error> {
        let account = self.account_mut(id)?;
        account.password = hash;
        account.principal.credential_generation += 1;
        self.audit_principal(AuditAction::Password, id, cause);
        Ok(Receipt::new(Effect::Updated, 0))
    }

    pub(super) fn add_token(
        &mut self,
        token: &AppToken,
        cause: &Arc<Cause>,
    ) -> Result<Receipt, Error> {
        let ids = |account: &Account| account.tokens.iter().any(|known| known.id == token.id);
        if self.token(&token.hash).is_some() || self.principals.values().any(ids) {
            return Err(Error::Exists);
        }
        let account = self.account_mut(token.principal)?;
        account.tokens.push(token.clone());
        account.principal.credential_generation += 1;
        let action = AuditAction::AddToken;
        let audited = Audited::subject(action, token.id.into_raw(), &token.label);
        self.audit_store(cause, &audited);
        Ok(Receipt::new(Effect::Created, 0))
    }

    pub(super) fn revoke_token(
        &mut self,
        principal: PrincipalId,
        token: TokenId,
        cause: &Arc<Cause>,
    ) -> Result<Receipt, Error> {
        let account = self.account_mut(principal)?;
        let known = account.tokens.iter().position(|known| known.id == token);
        let revoked = account.tokens.remove(known.ok_or(Error::NotFound)?);
        account.principal.credential_generation += 1;
        let action = AuditAction::RevokeToken;
        let audited = Audited::subject(action, token.into_raw(), &revoked.label);
        self.audit_store(cause, &audited);
        Ok(Receipt::new(Effect::Deleted, 0))
    }

    pub(super) fn principal(&self, key: &PrincipalKey) -> Option<Principal> {
        let name = match key {
            PrincipalKey::Id(id) => self.names.get(id)?,
            PrincipalKey::Name(name) => name,
            PrincipalKey::Email(email) => self.names.get(self.emails.get(&email.folded())?)?,
        };
        let account = self.principals.get(name)?;
        Some(account.principal.clone())
    }

    pub(super) fn principals(&self, page: &PageRequest) -> Page<Principal> {
        let after = page.after.as_ref().map(Cursor::as_str);
        let items = self
            .principals
            .values()
            .map(|account| &account.principal)
            .filter(|principal| after.is_none_or(|after| principal.name.as_str() > after))
            .take(page.limit.saturating_add(1))
            .cloned();
        Page::cut(items.collect(), page.limit, |last: &Principal| {
            Cursor::new(last.name.as_str())
        })
    }

    pub(super) fn password(&self, id: PrincipalId) -> Option<PasswordHash> {
        self.account(id)?.password.clone()
    }

    pub(super) fn tokens(&self, id: PrincipalId) -> Vec<AppToken> {
        let tokens = self.account(id).map(|account| account.tokens.clone());
        let mut tokens = tokens.unwrap_or_default();
        tokens.sort_by_key(|token| (token.created, token.id));
        tokens
    }

    pub(super) fn token(&self, hash: &TokenHash) -> Option<AppToken> {
        let mut tokens = self.principals.values().flat_map(|each| &each.tokens);
        tokens.find(|token| token.hash == *hash).cloned()
    }

    /// Adds an entry about a principal, under the name that it has now.
    fn audit_principal(&mut self, action: AuditAction, id: PrincipalId, cause: &Arc<Cause>) {
        let name = self.names.get(&id).cloned();
        let name = name.as_ref().map_or("", PrincipalName::as_str);
        self.audit_store(cause, &Audited::subject(action, id.into_raw(), name));
    }

    fn account(&self, id: PrincipalId) -> Option<&Account> {
        self.principals.get(self.names.get(&id)?)
    }

    fn account_mut(&mut self, id: PrincipalId) -> Result<&mut Account, Error> {
        let name = self.names.get(&id).ok_or(Error::NotFound)?;
        self.principals.get_mut(name).ok_or(Error::NotFound)
    }

    /// Whether no other principal has the name, or one that looks the same.
    fn check_name(&self, id: PrincipalId, name: &PrincipalName) -> Result<(), Error> {
        let folded = name.folded();
        let mut others = self.names.iter().filter(|(other, _)| **other != id);
        match others.any(|(_, other)| other.folded() == folded) {
            true => Err(Error::Exists),
            false => Ok(()),
        }
    }

    fn check_emails(&self, id: PrincipalId, emails: &[EmailAddress]) -> Result<(), Error> {
        let foreign = |email: &EmailAddress| {
            let owner = self.emails.get(&email.folded());
            owner.is_some_and(|owner| *owner != id)
        };
        if emails.iter().any(foreign) {
            return Err(Error::Exists);
        }
        Ok(())
    }

    fn set_emails(&mut self, id: PrincipalId, emails: &[EmailAddress]) {
        self.emails.retain(|_, owner| *owner != id);
        for email in emails {
            self.emails.insert(email.folded(), id);
        }
    }
}
