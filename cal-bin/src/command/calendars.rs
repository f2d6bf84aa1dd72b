//! The calendars of a user, found as the user names them.

use cal_store::{Collection, CollectionKind, CollectionName, PageRequest, Principal, Store};

use crate::error::Error;

/// Collections that are asked for at a time.
const PAGE: usize = 500;

/// The calendar with this name in its URL, else the one that people see under it.
pub(super) async fn find(
    store: &Store,
    user: &Principal,
    name: &str,
) -> Result<Option<Collection>, Error> {
    let home = store.home(user.id).await?;
    if let Ok(slug) = CollectionName::new(name)
        && let Some(calendar) = store.child(home.id, &slug).await?
    {
        return Ok(Some(calendar));
    }
    let named: Vec<Collection> = all(store, user)
        .await?
        .into_iter()
        .filter(|calendar| calendar.details.display_name.as_deref() == Some(name))
        .collect();
    if named.len() > 1 {
        let slugs: Vec<&str> = named
            .iter()
            .map(|calendar| calendar.name.as_str())
            .collect();
        return Err(Error::Usage(format!(
            "several calendars are called {name}; say which by its name in the URL: {}",
            slugs.join(", ")
        )));
    }
    Ok(named.into_iter().next())
}

/// All calendars at the top of the user's home, by name.
pub(super) async fn all(store: &Store, user: &Principal) -> Result<Vec<Collection>, Error> {
    let home = store.home(user.id).await?;
    let mut calendars = Vec::new();
    let mut request = Some(PageRequest::first(PAGE));
    while let Some(page) = request {
        let page = store.children(home.id, page).await?;
        let is_calendar = |c: &Collection| matches!(c.kind, CollectionKind::Calendar(_));
        calendars.extend(page.items.into_iter().filter(is_calendar));
        request = page.next.map(|next| PageRequest::after(next, PAGE));
    }
    Ok(calendars)
}
