//! Principals.

use super::scene::{Scene, cause};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    CollectionKind, ComponentKind, Components, EmailAddress, Error, NewPrincipal, PageRequest,
    PrincipalChanges, PrincipalKind, PrincipalName, Role, Store,
};

pub(super) async fn provisions_two_disjoint_calendars(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let children = store
        .children(scene.home.id, PageRequest::first(10))
        .await?;
    let mut kinds = Components::default();
    for child in &children.items {
        let CollectionKind::Calendar(components) = child.kind else {
            return Err(Broken::new("a new home holds more than calendars"));
        };
        ensure!(
            components.iter().all(|kind| !kinds.contains(kind)),
            "two calendars take the same kind: {:?}",
            children.items
        );
        kinds = kinds.iter().chain(components.iter()).collect();
    }
    ensure_eq!(children.items.len(), 2, "calendars of a new principal");
    ensure!(
        kinds.contains(ComponentKind::Event),
        "no calendar takes events"
    );
    ensure!(
        kinds.contains(ComponentKind::Todo),
        "no calendar takes to-dos"
    );
    Ok(())
}

pub(super) async fn finds_principals_by_any_name(store: &Store) -> Outcome {
    let names = [
        "The King",
        "a@b.c",
        "Zoë/x",
        "cn=a,dc=b",
        "EVE",
        "ada",
        "%41",
    ];
    for (number, name) in names.iter().enumerate() {
        let email = EmailAddress::new(&format!("User{number}@Example.com"))?;
        let new = NewPrincipal::new(PrincipalName::new(name)?)
            .with_email(email)
            .with_kind(PrincipalKind::Room)
            .with_display_name(format!("{name}!"));
        let made = store.create_principal(new, &cause(0)).await?;
        let other_case = EmailAddress::new(&format!("user{number}@example.COM"))?;
        for found in [
            store.principal(made.id).await?,
            store.principal(&PrincipalName::new(name)?).await?,
            store.principal(&other_case).await?,
        ] {
            ensure_eq!(found.as_ref(), Some(&made), "a principal read back");
        }
    }
    let mut listed = Vec::new();
    let mut page = PageRequest::first(2);
    loop {
        let principals = store.principals(page).await?;
        listed.extend(principals.items.iter().map(|each| each.name.to_string()));
        match principals.next {
            Some(next) => page = PageRequest::after(next, 2),
            None => break,
        }
    }
    let mut sorted = names;
    sorted.sort_unstable();
    ensure_eq!(listed, sorted, "all principals, by name");
    let absent = store.principal(&PrincipalName::new("nobody")?).await?;
    ensure_eq!(absent, None, "a principal that is not there");
    Ok(())
}

pub(super) async fn keeps_names_and_addresses_unique(store: &Store) -> Outcome {
    let email = EmailAddress::new("ada@example.com")?;
    let ada = NewPrincipal::new(PrincipalName::new("ada")?).with_email(email.clone());
    let ada = store.create_principal(ada, &cause(0)).await?;
    let same_name = NewPrincipal::new(PrincipalName::new("ada")?);
    let refused = store.create_principal(same_name, &cause(0)).await;
    ensure_refused!(refused, Error::Exists, "a second principal of one name");
    let shouted = EmailAddress::new("ADA@example.com")?;
    let same_email = NewPrincipal::new(PrincipalName::new("bob")?).with_email(shouted.clone());
    let refused = store.create_principal(same_email, &cause(0)).await;
    ensure_refused!(refused, Error::Exists, "a second principal of one address");
    let absent = store.principal(&PrincipalName::new("bob")?).await?;
    ensure_eq!(absent, None, "a principal that was refused");

    let bob = NewPrincipal::new(PrincipalName::new("bob")?);
    let bob = store.create_principal(bob, &cause(0)).await?;
    for changes in [
        PrincipalChanges {
            name: Some(ada.name.clone()),
            ..PrincipalChanges::default()
        },
        PrincipalChanges {
            emails: Some(vec![shouted]),
            ..PrincipalChanges::default()
        },
    ] {
        let refused = store.update_principal(bob.id, changes, &cause(1)).await;
        ensure_refused!(refused, Error::Exists, "a change to what another has");
    }
    let unchanged = store.principal(bob.id).await?;
    ensure_eq!(unchanged, Some(bob), "a principal whose change was refused");
    Ok(())
}

pub(super) async fn changes_and_removes_principals(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    scene.put("lunch", "Lunch").await?;
    let changes = PrincipalChanges {
        name: Some(PrincipalName::new("countess")?),
        kind: Some(PrincipalKind::Group),
        role: Some(Role::Admin),
        display_name: Some(Some("Ada".to_owned())),
        emails: Some(vec![
            EmailAddress::new("ada@example.com")?,
            EmailAddress::new("a@example.com")?,
        ]),
    };
    let changed = store
        .update_principal(scene.ada.id, changes, &cause(1))
        .await?;
    ensure_eq!(changed.name.as_str(), "countess", "the new name");
    ensure_eq!(changed.role, Role::Admin, "the new role");
    ensure_eq!(changed.kind, PrincipalKind::Group, "the new kind");
    ensure_eq!(changed.emails.len(), 2, "the new addresses");
    let old = store.principal(&scene.ada.name).await?;
    ensure_eq!(old, None, "the principal under its old name");
    let home = store.home(scene.ada.id).await?;
    ensure_eq!(home.id, scene.home.id, "the home after a change of name");

    store.remove_principal(scene.ada.id, &cause(2)).await?;
    let gone = store.principal(scene.ada.id).await?;
    ensure_eq!(gone, None, "a principal that was removed");
    let gone = store.collection(scene.calendar).await?;
    ensure_eq!(gone, None, "a calendar of a principal that was removed");
    let refused = store.remove_principal(scene.ada.id, &cause(2)).await;
    ensure_refused!(refused, Error::NotFound, "removing it again");
    let again = NewPrincipal::new(PrincipalName::new("countess")?)
        .with_email(EmailAddress::new("a@example.com")?);
    store.create_principal(again, &cause(3)).await?;
    Ok(())
}

pub(super) async fn keeps_names_apart(store: &Store) -> Outcome {
    let ada = NewPrincipal::new(PrincipalName::new("Zoë Σίσυφος")?);
    let ada = store.create_principal(ada, &cause(0)).await?;
    let bob = NewPrincipal::new(PrincipalName::new("bob")?);
    let bob = store.create_principal(bob, &cause(0)).await?;
    for alike in ["Zoe\u{308} Σίσυφος", "zoë σίσυφος", "ZOË ΣΊΣΥΦΟΣ"] {
        let name = PrincipalName::new(alike)?;
        let refused = store
            .create_principal(NewPrincipal::new(name.clone()), &cause(1))
            .await;
        ensure_refused!(refused, Error::Exists, "a name that looks like another");
        let changes = PrincipalChanges {
            name: Some(name.clone()),
            ..PrincipalChanges::default()
        };
        let refused = store.update_principal(bob.id, changes, &cause(1)).await;
        ensure_refused!(refused, Error::Exists, "a change to such a name");
        let found = store.principal(&name).await?;
        ensure_eq!(found, None, "a principal under another spelling");
    }
    let changes = PrincipalChanges {
        name: Some(PrincipalName::new("zoë σίσυφος")?),
        ..PrincipalChanges::default()
    };
    store.update_principal(ada.id, changes, &cause(2)).await?;
    Ok(())
}
