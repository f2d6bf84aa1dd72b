//! A state in a folder: a snapshot and a journal of what happened since.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::{Lock, StateStore};
use crate::{Error, Record, State};

/// Keeps the state of one mapping in a folder of its own.
///
/// `state.json` is a whole state, replaced by writing beside it, syncing and
/// renaming. `journal.jsonl` has one record a line, each synced before the
/// write it speaks of begins; a last line that was cut off by a crash never
/// counted. Loading folds the journal into the snapshot once it has grown.
#[derive(Clone, Debug)]
pub struct Journal {
    folder: Arc<Folder>,
}

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// Serializes the writers of this process.
    writing: Mutex<()>,
}

/// The size in bytes from which a journal is folded into the snapshot.
const FOLD_AT: usize = 1 << 20;

impl Journal {
    /// The state in `folder`, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if it cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = folder.into();
        fs::create_dir_all(&path).map_err(|error| failed(&path, error))?;
        Ok(Self {
            folder: Arc::new(Folder {
                path,
                writing: Mutex::new(()),
            }),
        })
    }

    /// Runs file work where it does not hold up other tasks.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let folder = Arc::clone(&self.folder);
        tokio::task::spawn_blocking(move || {
            let _writing = folder
                .writing
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            work(&folder)
        })
        .await
        .map_err(|error| Error::state("the work on its files", error))?
    }
}

#[async_trait]
impl StateStore for Journal {
    async fn lock(&self) -> Result<Lock, Error> {
        self.blocking(Folder::lock).await
    }

    async fn load(&self) -> Result<State, Error> {
        self.blocking(Folder::load).await
    }

    async fn record(&self, records: Vec<Record>) -> Result<(), Error> {
        self.blocking(move |folder| folder.append(&records)).await
    }
}

impl Folder {
    fn snapshot(&self) -> PathBuf {
        self.path.join("state.json")
    }

    fn journal(&self) -> PathBuf {
        self.path.join("journal.jsonl")
    }

    fn lock(&self) -> Result<Lock, Error> {
        let path = self.path.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| failed(&path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock::new(file)),
            Err(TryLockError::WouldBlock) => Err(Error::Locked),
            Err(TryLockError::Error(error)) => Err(failed(&path, error)),
        }
    }

    fn load(&self) -> Result<State, Error> {
        let path = self.snapshot();
        let mut state = match read(&path)? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(|error| failed(&path, error))?,
            None => State::new(),
        };
        let path = self.journal();
        let bytes = read(&path)?.unwrap_or_default();
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let lines = bytes.get(..whole).unwrap_or_default();
        for line in lines.split(|byte| *byte == b'\n') {
            if !line.is_empty() {
                let record = serde_json::from_slice(line).map_err(|error| failed(&path, error))?;
                state.apply(record);
            }
        }
        // What a crash left of a line must not become the start of the next.
        if whole < bytes.len() || bytes.len() > FOLD_AT {
            self.fold(&state)
                .map_err(|error| failed(&self.path, error))?;
        }
        Ok(state)
    }

    fn append(&self, records: &[Record]) -> Result<(), Error> {
        let path = self.journal();
        let mut lines = Vec::new();
        for record in records {
            serde_json::to_writer(&mut lines, record).map_err(|error| failed(&path, error))?;
            lines.push(b'\n');
        }
        let append = || {
            let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
            let length = file.metadata()?.len();
            let written = file.write_all(&lines).and_then(|()| file.sync_data());
            if written.is_err() {
                // Part of a line may be there; the next must not continue it.
                file.set_len(length)?;
            }
            written?;
            if length == 0 {
                sync_folder(&self.path)?;
            }
            Ok(())
        };
        append().map_err(|error: io::Error| failed(&path, error))
    }

    /// Makes `state` the snapshot and empties the journal. Between the two, the
    /// journal says again what the snapshot has: records say how things are,
    /// not how they change, so applying them twice is applying them once.
    fn fold(&self, state: &State) -> io::Result<()> {
        let beside = self.path.join("state.json.new");
        let mut file = File::create(&beside)?;
        file.write_all(&serde_json::to_vec(state)?)?;
        file.sync_all()?;
        fs::rename(&beside, self.snapshot())?;
        sync_folder(&self.path)?;
        File::create(self.journal())?.sync_all()
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, error)),
    }
}

/// Makes a new or renamed entry of a folder durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}

fn failed(path: &Path, error: impl Into<crate::error::Source>) -> Error {
    Error::state(path.display().to_string(), error)
}
