//! Text that PostgreSQL cannot hold: it has no NUL.
//!
//! Names of principals, collections and objects and UIDs never have one. Free
//! text might, where it does not come from XML, HTTP or iCalendar; it is
//! refused before anything is written. Bodies are bytes and hold anything.

use crate::name::{Fault, invalid};
use crate::{
    Cause, CollectionChanges, Details, Error, JobOutcome, JobWrite, LockWrite, NewPrincipal,
    PrincipalChanges, Properties, PropertyName, Transaction, Write,
};

/// Refuses a transaction with a NUL in any of its texts.
pub(in crate::postgres) fn check(transaction: &Transaction) -> Result<(), Error> {
    check_cause(&transaction.cause)?;
    transaction.writes.iter().try_for_each(check_write)
}

/// Refuses a cause with a NUL in its note.
pub(in crate::postgres) fn check_cause(cause: &Cause) -> Result<(), Error> {
    optional("note", cause.note.as_ref())
}

fn check_write(write: &Write) -> Result<(), Error> {
    match write {
        Write::CreatePrincipal(NewPrincipal { display_name, .. }, _) => {
            optional("display name", display_name.as_ref())
        }
        Write::UpdatePrincipal(_, PrincipalChanges { display_name, .. }) => {
            optional("display name", changed(display_name))
        }
        Write::SetPassword(_, hash) => {
            let phc = hash.as_ref().map(crate::PasswordHash::as_str);
            phc.map_or(Ok(()), |phc| text("password hash", phc))
        }
        Write::AddToken(token) => {
            text("label", &token.label).and_then(|()| text("scope", &token.scope))
        }
        Write::CreateCollection(new) => {
            check_details(&new.details).and_then(|()| check_properties(&new.properties))
        }
        Write::UpdateCollection(_, changes) => check_changes(changes),
        Write::PutObject(put) => put.properties.as_ref().map_or(Ok(()), check_properties),
        Write::UpdateObject(_, _, changes) => {
            changes.remove.iter().try_for_each(check_name)?;
            check_properties(&changes.set)
        }
        Write::Job(JobWrite::Settle(_, outcome)) => match outcome {
            JobOutcome::Retry { fault, .. } | JobOutcome::Dead { fault } => text("fault", fault),
            JobOutcome::Done | JobOutcome::Repeat(_) => Ok(()),
        },
        Write::Lock(LockWrite::Place(lock)) => optional("lock owner", lock.owner.as_ref()),
        Write::RemovePrincipal(_)
        | Write::RevokeToken(..)
        | Write::MoveCollection(_)
        | Write::DeleteCollection(_)
        | Write::RestoreCollection(_)
        | Write::DeleteObject(_)
        | Write::Job(_)
        | Write::Secret(_)
        | Write::Lock(_) => Ok(()),
    }
}

fn check_details(details: &Details) -> Result<(), Error> {
    optional("display name", details.display_name.as_ref())?;
    optional("description", details.description.as_ref())?;
    optional("color", details.color.as_ref())?;
    optional("time zone", details.time_zone.as_ref())
}

fn check_changes(changes: &CollectionChanges) -> Result<(), Error> {
    optional("display name", changed(&changes.display_name))?;
    optional("description", changed(&changes.description))?;
    optional("color", changed(&changes.color))?;
    optional("time zone", changed(&changes.time_zone))?;
    changes.properties.remove.iter().try_for_each(check_name)?;
    check_properties(&changes.properties.set)
}

fn check_properties(properties: &Properties) -> Result<(), Error> {
    properties.iter().try_for_each(|(name, value)| {
        check_name(name)?;
        text("property value", value)
    })
}

fn check_name(name: &PropertyName) -> Result<(), Error> {
    text("property name", name.namespace())?;
    text("property name", name.local())
}

fn changed(change: &Option<Option<String>>) -> Option<&String> {
    change.as_ref().and_then(Option::as_ref)
}

fn optional(noun: &'static str, value: Option<&String>) -> Result<(), Error> {
    value.map_or(Ok(()), |value| text(noun, value))
}

fn text(noun: &'static str, value: &str) -> Result<(), Error> {
    match value.contains('\0') {
        true => Err(invalid(noun, Fault::Character('\0'))),
        false => Ok(()),
    }
}
