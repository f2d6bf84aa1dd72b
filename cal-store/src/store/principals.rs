//! Principals and their credentials.

use super::{Store, only};
use crate::{
    AppToken, Cause, CollectionId, CollectionName, ComponentKind, Error, NewCollection,
    NewPrincipal, Page, PageRequest, PasswordHash, Principal, PrincipalChanges, PrincipalId,
    PrincipalKey, TokenHash, TokenId, Write,
};

impl Store {
    /// Makes a principal with its home, and in it two calendars: `calendar`
    /// for events and `tasks` for to-dos.
    ///
    /// They are two because some clients show every collection that can hold
    /// their kind of component, and people delete the "empty" one.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if the name or an e-mail address is taken.
    pub async fn create_principal(
        &self,
        new: NewPrincipal,
        cause: &Cause,
    ) -> Result<Principal, Error> {
        let home = CollectionId::random();
        let calendar = CollectionName::new("calendar")?;
        let tasks = CollectionName::new("tasks")?;
        let calendars = [
            NewCollection::calendar(home, calendar, [ComponentKind::Event])
                .with_display_name("Calendar"),
            NewCollection::calendar(home, tasks, [ComponentKind::Todo]).with_display_name("Tasks"),
        ];
        self.create_bare(new, home, calendars.into(), cause).await
    }

    /// Makes a principal with a home and exactly these collections, whose
    /// parent is set to the home.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if a name or an e-mail address is taken;
    /// [`Error::ParentMissing`] if a collection is for elsewhere.
    pub async fn create_principal_with(
        &self,
        new: NewPrincipal,
        mut collections: Vec<NewCollection>,
        cause: &Cause,
    ) -> Result<Principal, Error> {
        let home = CollectionId::random();
        for collection in &mut collections {
            collection.parent = home;
        }
        self.create_bare(new, home, collections, cause).await
    }

    async fn create_bare(
        &self,
        new: NewPrincipal,
        home: CollectionId,
        collections: Vec<NewCollection>,
        cause: &Cause,
    ) -> Result<Principal, Error> {
        let id = new.id;
        let mut writes = vec![Write::CreatePrincipal(new, home)];
        writes.extend(collections.into_iter().map(Write::CreateCollection));
        self.commit(writes, cause).await?;
        self.existing_principal(id).await
    }

    /// Changes a principal.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Error::Exists`] if a name or an e-mail address
    /// is taken.
    pub async fn update_principal(
        &self,
        id: PrincipalId,
        changes: PrincipalChanges,
        cause: &Cause,
    ) -> Result<Principal, Error> {
        let write = Write::UpdatePrincipal(id, changes);
        self.commit(vec![write], cause).await?;
        self.existing_principal(id).await
    }

    /// Removes a principal with its credentials, all its collections and their
    /// history. There is no way back.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub async fn remove_principal(&self, id: PrincipalId, cause: &Cause) -> Result<(), Error> {
        let write = Write::RemovePrincipal(id);
        self.commit(vec![write], cause).await.map(drop)
    }

    /// A principal by id, name or e-mail address.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn principal(
        &self,
        key: impl Into<PrincipalKey>,
    ) -> Result<Option<Principal>, Error> {
        self.backend().principal(key.into()).await
    }

    /// All principals, by name.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCursor`].
    pub async fn principals(&self, page: PageRequest) -> Result<Page<Principal>, Error> {
        self.backend().principals(self.bounded(page)).await
    }

    /// Sets the password of a principal, or removes it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`].
    pub async fn set_password(
        &self,
        principal: PrincipalId,
        hash: Option<PasswordHash>,
        cause: &Cause,
    ) -> Result<(), Error> {
        let write = Write::SetPassword(principal, hash);
        self.commit(vec![write], cause).await.map(drop)
    }

    /// The password of a principal, if it has one.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn password(&self, principal: PrincipalId) -> Result<Option<PasswordHash>, Error> {
        self.backend().password(principal).await
    }

    /// Adds an app password or API token.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] without such a principal; [`Error::Exists`] if a
    /// token has this hash.
    pub async fn add_token(&self, token: AppToken, cause: &Cause) -> Result<(), Error> {
        only(self.commit(vec![Write::AddToken(token)], cause).await?).map(drop)
    }

    /// Revokes an app password or API token.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the principal has no such token.
    pub async fn revoke_token(
        &self,
        principal: PrincipalId,
        token: TokenId,
        cause: &Cause,
    ) -> Result<(), Error> {
        let write = Write::RevokeToken(principal, token);
        self.commit(vec![write], cause).await.map(drop)
    }

    /// The app tokens of a principal, oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn tokens(&self, principal: PrincipalId) -> Result<Vec<AppToken>, Error> {
        self.backend().tokens(principal).await
    }

    /// The app token with this hash, unless it was revoked. Whether it has
    /// expired is for the caller, who has a clock.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn token(&self, hash: &TokenHash) -> Result<Option<AppToken>, Error> {
        self.backend().token(hash).await
    }

    async fn existing_principal(&self, id: PrincipalId) -> Result<Principal, Error> {
        let found = self.backend().principal(PrincipalKey::Id(id)).await?;
        found.ok_or(Error::NotFound)
    }
}
