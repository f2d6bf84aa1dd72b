//! Writing principals and credentials.

use rusqlite::params;

use super::Session;
use crate::audit::Audited;
use crate::sqlite::prune;
use crate::{
    AppToken, AuditAction, CollectionId, CollectionKind, CollectionName, Effect, EmailAddress,
    Error, NewCollection, NewPrincipal, PasswordHash, PrincipalChanges, PrincipalId, PrincipalKind,
    PrincipalName, Receipt, Role, Timestamp, TokenId,
};

impl Session<'_> {
    pub(super) fn create_principal(
        &self,
        new: &NewPrincipal,
        home: CollectionId,
    ) -> Result<Receipt, Error> {
        const TAKEN: &str = "SELECT 1 FROM principals WHERE principal_id = ?1";
        const INSERT: &str = "INSERT INTO principals (principal_id, workspace_id, name, kind, \
             is_admin, display_name, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let id = new.id.into_raw();
        let workspace = self.place.workspace;
        if self.exists(TAKEN, [id])? {
            return Err(Error::Exists);
        }
        self.check_name(new.id, &new.name)?;
        self.check_emails(new.id, &new.emails)?;
        let row = params![
            id,
            workspace,
            new.name.as_str(),
            new.kind.as_str(),
            new.role == Role::Admin,
            new.display_name,
            self.at(),
        ];
        self.execute(INSERT, row)?;
        self.set_emails(new.id, &new.emails)?;
        let name = CollectionName::new(new.id.to_string())?;
        let mut root = NewCollection::of_kind(home, name, CollectionKind::Home);
        root.id = home;
        self.insert_collection(&root, new.id, None)?;
        let action = AuditAction::CreatePrincipal;
        self.audit_store(&Audited::subject(action, id, new.name.as_str()))?;
        Ok(Receipt::new(Effect::Created, 0))
    }

    pub(super) fn update_principal(
        &self,
        id: PrincipalId,
        changes: &PrincipalChanges,
    ) -> Result<Receipt, Error> {
        const UPDATE: &str = "UPDATE principals SET name = coalesce(?2, name), \
             kind = coalesce(?3, kind), is_admin = coalesce(?4, is_admin), \
             display_name = CASE WHEN ?5 THEN ?6 ELSE display_name END WHERE principal_id = ?1";
        self.check_principal(id)?;
        let raw = id.into_raw();
        if let Some(name) = &changes.name {
            self.check_name(id, name)?;
        }
        if let Some(emails) = &changes.emails {
            self.check_emails(id, emails)?;
            self.set_emails(id, emails)?;
        }
        let row = params![
            raw,
            changes.name.as_ref().map(PrincipalName::as_str),
            changes.kind.map(PrincipalKind::as_str),
            changes.role.map(|role| role == Role::Admin),
            changes.display_name.is_some(),
            changes.display_name.as_ref().and_then(Option::as_ref),
        ];
        self.execute(UPDATE, row)?;
        self.audit_principal(AuditAction::UpdatePrincipal, id)?;
        Ok(Receipt::new(Effect::Updated, 0))
    }

    /// Whether no other principal has the name, or one that looks the same.
    fn check_name(&self, id: PrincipalId, name: &PrincipalName) -> Result<(), Error> {
        const OTHERS: &str = "SELECT name FROM principals \
             WHERE workspace_id = ?1 AND principal_id <> ?2";
        let folded = name.folded();
        let mut others = self.connection.prepare_cached(OTHERS)?;
        let mut others = others.query((self.place.workspace, id.into_raw()))?;
        while let Some(row) = others.next()? {
            let other: String = row.get(0)?;
            if PrincipalName::from_stored(&other).folded() == folded {
                return Err(Error::Exists);
            }
        }
        Ok(())
    }

    pub(super) fn remove_principal(&self, id: PrincipalId) -> Result<Receipt, Error> {
        const REMOVE: &str = "DELETE FROM principals WHERE principal_id = ?1";
        self.check_principal(id)?;
        self.audit_principal(AuditAction::RemovePrincipal, id)?;
        self.unindex_all_of(id)?;
        prune::remove_bodies_of_owner(self.connection, id)?;
        self.execute(REMOVE, [id.into_raw()])?;
        Ok(Receipt::new(Effect::Deleted, 0))
    }

    pub(super) fn set_password(
        &self,
        id: PrincipalId,
        hash: Option<&PasswordHash>,
    ) -> Result<Receipt, Error> {
        const SET: &str = "UPDATE principals SET password = ?2 WHERE principal_id = ?1";
        self.check_principal(id)?;
        self.execute(SET, (id.into_raw(), hash.map(PasswordHash::as_str)))?;
        self.next_generation(id)?;
        self.audit_principal(AuditAction::Password, id)?;
        Ok(Receipt::new(Effect::Updated, 0))
    }

    pub(super) fn add_token(&self, token: &AppToken) -> Result<Receipt, Error> {
        const TAKEN: &str = "SELECT 1 FROM app_tokens WHERE token_id = ?1 OR hash = ?2";
        const ADD: &str = "INSERT INTO app_tokens (token_id, principal_id, hash, label, scope, \
             created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let (id, hash) = (token.id.into_raw(), token.hash.as_bytes());
        if self.exists(TAKEN, (id, hash))? {
            return Err(Error::Exists);
        }
        self.check_principal(token.principal)?;
        let row = params![
            id,
            token.principal.into_raw(),
            hash,
            token.label,
            token.scope,
            token.created.millis(),
            token.expires.map(Timestamp::millis),
        ];
        self.execute(ADD, row)?;
        self.next_generation(token.principal)?;
        self.audit_store(&Audited::subject(AuditAction::AddToken, id, &token.label))?;
        Ok(Receipt::new(Effect::Created, 0))
    }

    pub(super) fn revoke_token(
        &self,
        principal: PrincipalId,
        token: TokenId,
    ) -> Result<Receipt, Error> {
        const REVOKE: &str = "DELETE FROM app_tokens \
             WHERE token_id = ?1 AND principal_id = ?2 RETURNING label";
        self.check_principal(principal)?;
        let key = (token.into_raw(), principal.into_raw());
        let label: Option<String> = self.row(REVOKE, key, |row| row.get(0))?;
        let label = label.ok_or(Error::NotFound)?;
        self.next_generation(principal)?;
        self.audit_store(&Audited::subject(AuditAction::RevokeToken, key.0, &label))?;
        Ok(Receipt::new(Effect::Deleted, 0))
    }

    /// Adds an entry about a principal, under the name that it has now.
    fn audit_principal(&self, action: AuditAction, id: PrincipalId) -> Result<(), Error> {
        const NAME: &str = "SELECT name FROM principals WHERE principal_id = ?1";
        let raw = id.into_raw();
        let name: Option<String> = self.row(NAME, [raw], |row| row.get(0))?;
        let name = name.unwrap_or_default();
        self.audit_store(&Audited::subject(action, raw, &name))
    }

    fn next_generation(&self, id: PrincipalId) -> Result<(), Error> {
        const NEXT: &str = "UPDATE principals \
             SET credential_generation = credential_generation + 1 WHERE principal_id = ?1";
        self.execute(NEXT, [id.into_raw()]).map(drop)
    }

    fn check_principal(&self, id: PrincipalId) -> Result<(), Error> {
        const FIND: &str = "SELECT 1 FROM principals WHERE principal_id = ?1";
        if self.exists(FIND, [id.into_raw()])? {
            return Ok(());
        }
        Err(Error::NotFound)
    }

    fn check_emails(&self, id: PrincipalId, emails: &[EmailAddress]) -> Result<(), Error> {
        const FOREIGN: &str = "SELECT 1 FROM principal_emails \
             WHERE workspace_id = ?1 AND folded = ?2 AND principal_id <> ?3";
        for email in emails {
            let key = (self.place.workspace, email.folded(), id.into_raw());
            if self.exists(FOREIGN, key)? {
                return Err(Error::Exists);
            }
        }
        Ok(())
    }

    fn set_emails(&self, id: PrincipalId, emails: &[EmailAddress]) -> Result<(), Error> {
        const CLEAR: &str = "DELETE FROM principal_emails WHERE principal_id = ?1";
        // The same address in two spellings is kept once, as it came first.
        const ADD: &str = "INSERT OR IGNORE INTO principal_emails \
             (workspace_id, folded, principal_id, position, address) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.execute(CLEAR, [id.into_raw()])?;
        for (position, email) in (0_i64..).zip(emails) {
            let (workspace, folded) = (self.place.workspace, email.folded());
            let row = (workspace, folded, id.into_raw(), position, email.as_str());
            self.execute(ADD, row)?;
        }
        Ok(())
    }
}
