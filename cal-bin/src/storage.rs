//! The store of a data folder or a database, and the runtime that it needs.

use std::fs::DirBuilder;
use std::io;
use std::path::Path;

use cal_store::{
    Cause, Error as StoreError, Folder, Limits, PageRequest, Principal, PrincipalName, Sqlite,
    Store, Timestamp, Via,
};
use chrono::{SecondsFormat, Utc};
use tokio::runtime::Runtime;

use crate::config::{Database, Place, Settings};
use crate::error::Error;

/// A runtime for commands that use the store.
pub(crate) fn runtime() -> Result<Runtime, Error> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::System("no threads to work with", error))
}

/// The file of the store in the data folder.
const FILE: &str = "cal.db";

/// What tells a folder of plain files that is a store.
const JOURNAL: &str = ".cal/journal";

/// Opens the store of the settings; makes what is not there.
pub(crate) async fn create(settings: &Settings) -> Result<Store, Error> {
    create_at(&settings.place()?, limits(settings)).await
}

/// Opens the store of the settings, whose data folder must be there: to look
/// into a folder whose name was mistyped must not make one.
pub(crate) async fn open(settings: &Settings) -> Result<Store, Error> {
    open_at(&settings.place()?, limits(settings)).await
}

/// Opens the store in a place; makes what is not there.
pub(crate) async fn create_at(place: &Place, limits: Limits) -> Result<Store, Error> {
    if let Place::Folder(folder) | Place::Files(folder) = place {
        make_private(folder).map_err(|source| Error::Write {
            path: folder.clone(),
            source,
        })?;
    }
    connect(place, limits).await
}

/// Opens the store in a place where there is one.
pub(crate) async fn open_at(place: &Place, limits: Limits) -> Result<Store, Error> {
    must_be_there(place)?;
    connect(place, limits).await
}

/// Opens the file in a data folder for what can be done with a file alone;
/// nothing if there are plain files, or a database.
pub(crate) async fn open_file(place: &Place) -> Result<Option<Sqlite>, Error> {
    must_be_there(place)?;
    match place {
        Place::Folder(folder) => sqlite(folder).await.map(Some),
        Place::Files(_) | Place::Database(_) => Ok(None),
    }
}

fn must_be_there(place: &Place) -> Result<(), Error> {
    let file = match place {
        Place::Folder(folder) => folder.join(FILE),
        Place::Files(folder) => folder.join(JOURNAL),
        Place::Database(_) => return Ok(()),
    };
    match file.try_exists() {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::NoData(place.to_string())),
        Err(source) => Err(Error::Read {
            name: file.display().to_string(),
            source,
        }),
    }
}

async fn sqlite(folder: &Path) -> Result<Sqlite, Error> {
    let file = folder.join(FILE);
    Sqlite::open(&file).await.map_err(|source| Error::Open {
        name: file.display().to_string(),
        source,
    })
}

fn limits(settings: &Settings) -> Limits {
    let mut limits = Limits::default();
    limits.object_bytes = settings.limits.object_bytes;
    limits
}

async fn connect(place: &Place, limits: Limits) -> Result<Store, Error> {
    match place {
        Place::Folder(folder) => {
            let backend = sqlite(folder).await?;
            Ok(Store::with_limits(backend, limits))
        }
        Place::Files(folder) => {
            let backend = Folder::open(folder).await.map_err(|source| Error::Open {
                name: place.to_string(),
                source,
            })?;
            Ok(Store::with_limits(backend, limits))
        }
        Place::Database(database) => connect_to(database, limits).await,
    }
}

#[cfg(feature = "postgres")]
async fn connect_to(database: &Database, limits: Limits) -> Result<Store, Error> {
    let backend = cal_store::Postgres::connect(database.url())
        .await
        .map_err(|source| Error::Open {
            name: database.to_string(),
            source,
        })?;
    Ok(Store::with_limits(backend, limits))
}

#[cfg(not(feature = "postgres"))]
async fn connect_to(database: &Database, _limits: Limits) -> Result<Store, Error> {
    Err(Error::Input(format!(
        "{database}: this program was built without PostgreSQL"
    )))
}

/// Makes the folder; only its owner may look into it. One that is there keeps
/// the rights that it has.
fn make_private(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// An instant as people and programs read it.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    at.to_date_time()
        .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
        .unwrap_or_default()
}

/// Why we write, for the history: a command of this user, or for them.
pub(crate) fn cause(via: Via, principal: Option<&PrincipalName>) -> Cause {
    let cause = Cause::new(via, Timestamp::from(Utc::now()));
    match principal {
        Some(name) => cause.with_principal(name),
        None => cause,
    }
}

/// All rooms and resources.
pub(crate) async fn rooms(store: &Store) -> Result<Vec<Principal>, StoreError> {
    const PAGE: usize = 500;
    let mut rooms = Vec::new();
    let mut request = Some(PageRequest::first(PAGE));
    while let Some(page) = request {
        let page = store.principals(page).await?;
        let reserved = page.items.into_iter().filter(|it| it.kind.is_reserved());
        rooms.extend(reserved);
        request = page.next.map(|next| PageRequest::after(next, PAGE));
    }
    Ok(rooms)
}

/// The user of this name, or the failure that says there is none.
pub(crate) async fn existing_user(store: &Store, name: &PrincipalName) -> Result<Principal, Error> {
    store
        .principal(name)
        .await?
        .ok_or_else(|| Error::Input(format!("there is no user {name}")))
}
