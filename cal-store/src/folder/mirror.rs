//! The folders and files that people and other programs see: a folder for each
//! collection, a file for each object, as in a vdir.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::durable::Disk;
use super::names::{self, Care, Shelf};
use crate::{
    Collection, CollectionId, CollectionKind, ETag, Error, Memory, ObjectName, PrincipalName,
    Timestamp,
};

/// What is on the disk, as far as is known.
#[derive(Debug)]
pub(super) struct Mirror {
    disk: Disk,
    root: PathBuf,
    /// Where folders wait that change their place.
    aside: PathBuf,
    shelves: HashMap<CollectionId, Folder>,
    /// The folders of principals, folded.
    taken: BTreeMap<String, String>,
}

/// The folder of one collection.
#[derive(Debug)]
pub(super) struct Folder {
    /// The collection it is in and the name it has there; of a home the name
    /// of its owner.
    pub(super) place: (Option<CollectionId>, String),
    pub(super) shelf: Shelf,
    /// The name of the folder itself.
    base: String,
    pub(super) files: BTreeMap<ObjectName, KnownFile>,
    /// The names of the files and folders in it, folded, and what they stand for.
    taken: BTreeMap<String, String>,
    /// What `displayname` and `color` held when they were last looked at.
    pub(super) labels: Labels,
}

/// What vdir readers are told of a collection beside its objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Labels {
    pub(super) display_name: Option<String>,
    pub(super) color: Option<String>,
}

/// The file of an object.
#[derive(Debug, Clone)]
pub(super) struct KnownFile {
    pub(super) file: String,
    /// What the file holds, as far as is known.
    pub(super) etag: ETag,
    /// What it looked like then; none if nobody has looked.
    pub(super) stamp: Option<Stamp>,
}

/// What tells a file that has changed without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    /// What a file looks like; none if there is no such file.
    pub(super) fn of(path: &Path) -> Result<Option<Self>, Error> {
        match fs::metadata(path) {
            Ok(found) if found.is_file() => Ok(Some(Self {
                length: found.len(),
                modified: found.modified().ok(),
            })),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::backend(error)),
        }
    }

    /// Whether the file had last changed before an instant, and after 1970.
    pub(super) fn is_before(&self, instant: SystemTime) -> bool {
        let modified = self.modified;
        modified.is_some_and(|modified| (SystemTime::UNIX_EPOCH..instant).contains(&modified))
    }

    pub(super) fn at(&self) -> Timestamp {
        let at = self.modified.map(Timestamp::from);
        at.unwrap_or(Timestamp::from_millis(0))
    }
}

impl Labels {
    pub(super) fn of(collection: &Collection) -> Self {
        // A line, as readers take it; an empty one would be none.
        let line = |text: &Option<String>| {
            let text = text.as_ref().map(|text| text.replace(['\r', '\n'], " "));
            text.map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        Self {
            display_name: line(&collection.details.display_name),
            color: line(&collection.details.color),
        }
    }

    /// What the files of a folder say.
    pub(super) fn read(folder: &Path) -> Result<Self, Error> {
        let line = |name| match fs::read(folder.join(name)) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).trim().to_owned();
                Ok(Some(text).filter(|text| !text.is_empty()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::backend(error)),
        };
        Ok(Self {
            display_name: line(names::DISPLAY_NAME)?,
            color: line(names::COLOR)?,
        })
    }
}

impl Mirror {
    pub(super) fn new(disk: Disk, root: &Path, aside: PathBuf) -> Self {
        Self {
            disk,
            root: root.to_owned(),
            aside,
            shelves: HashMap::new(),
            taken: BTreeMap::new(),
        }
    }

    /// Takes for given that the files are as a state says, without looking at
    /// what they hold.
    pub(super) fn adopt(&mut self, memory: &Memory) -> Result<(), Error> {
        for (id, place, collection) in by_depth(memory) {
            let there = self
                .parent_path(place.0)
                .and_then(|path| listing(&path).ok());
            self.shelve(id, place, &collection, &there.unwrap_or_default());
            let Some(path) = self.path(id) else { continue };
            let there = listing(&path).unwrap_or_default();
            let Some(folder) = self.shelves.get_mut(&id) else {
                continue;
            };
            folder.labels = Labels::of(&collection);
            for name in memory.object_names(id) {
                let Some(object) = memory.object_whole(id, &name) else {
                    continue;
                };
                folder.assign(&name, object.entry.etag, &there);
            }
        }
        Ok(())
    }

    pub(super) fn folder(&self, id: CollectionId) -> Option<&Folder> {
        self.shelves.get(&id)
    }

    pub(super) fn folder_mut(&mut self, id: CollectionId) -> Option<&mut Folder> {
        self.shelves.get_mut(&id)
    }

    /// The calendars that have folders.
    pub(super) fn calendars(&self) -> Vec<CollectionId> {
        let calendars = self.shelves.iter();
        let calendars = calendars.filter(|(_, folder)| folder.shelf == Shelf::Calendar);
        calendars.map(|(id, _)| *id).collect()
    }

    /// The path of a collection's folder.
    pub(super) fn path(&self, id: CollectionId) -> Option<PathBuf> {
        let mut bases = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            let folder = self.shelves.get(&id)?;
            bases.push(&folder.base);
            next = folder.place.0;
        }
        let mut path = self.root.clone();
        path.extend(bases.into_iter().rev());
        Some(path)
    }

    /// The path of an object's file.
    pub(super) fn file_path(&self, id: CollectionId, name: &ObjectName) -> Option<PathBuf> {
        let known = self.shelves.get(&id)?.files.get(name)?;
        Some(self.path(id)?.join(&known.file))
    }

    /// Makes the file of an object what the state says.
    pub(super) fn settle_object(
        &mut self,
        memory: &Memory,
        id: CollectionId,
        name: &ObjectName,
    ) -> Result<(), Error> {
        let disk = self.disk;
        let Some(path) = self.path(id) else {
            return Ok(());
        };
        let Some(folder) = self.shelves.get_mut(&id) else {
            return Ok(());
        };
        let Some(object) = memory.object_whole(id, name) else {
            if let Some(known) = folder.release(name) {
                disk.remove(&path.join(known.file))?;
            }
            return Ok(());
        };
        let etag = object.entry.etag;
        let known = folder.assign(name, etag, &BTreeSet::new());
        let file = path.join(&known.file);
        let is_settled = known.stamp.is_some() && known.etag == etag;
        if !is_settled {
            disk.write(&file, &object.body)?;
            known.etag = etag;
            known.stamp = Stamp::of(&file)?;
        }
        Ok(())
    }

    /// Makes the folders what the state says, with the files of those that are new.
    pub(super) fn settle_folders(&mut self, memory: &Memory) -> Result<(), Error> {
        let live = by_depth(memory);
        let wanted: HashMap<_, _> = live.iter().map(|(id, place, _)| (*id, place)).collect();
        let stays = |id: &CollectionId, folder: &Folder| {
            wanted.get(id).is_some_and(|place| **place == folder.place)
        };
        let leaving = self
            .shelves
            .iter()
            .filter(|(id, folder)| !stays(id, folder));
        let mut leaving: Vec<_> = leaving.map(|(id, _)| (self.depth(*id), *id)).collect();
        // What is deepest goes first, so that nothing is taken along.
        leaving.sort_unstable_by_key(|(depth, id)| (std::cmp::Reverse(*depth), *id));
        let mut moved = HashMap::new();
        for (_, id) in leaving {
            if let Some(folder) = self.put_aside(id, wanted.contains_key(&id))? {
                moved.insert(id, folder);
            }
        }
        for (id, place, collection) in live {
            if !self.shelves.contains_key(&id) {
                self.make(memory, (id, place, &collection), moved.remove(&id))?;
            }
            self.settle_labels(id, &collection)?;
        }
        Ok(())
    }

    /// Writes what vdir readers are told beside the objects.
    fn settle_labels(&mut self, id: CollectionId, collection: &Collection) -> Result<(), Error> {
        let disk = self.disk;
        let (Some(path), Some(folder)) = (self.path(id), self.shelves.get_mut(&id)) else {
            return Ok(());
        };
        let labels = Labels::of(collection);
        if folder.shelf != Shelf::Calendar || folder.labels == labels {
            return Ok(());
        }
        let label = |name, before: &Option<String>, after: &Option<String>| match after {
            _ if before == after => Ok(()),
            Some(text) => disk.write(&path.join(name), text.as_bytes()),
            None => disk.remove(&path.join(name)),
        };
        label(
            names::DISPLAY_NAME,
            &folder.labels.display_name,
            &labels.display_name,
        )?;
        label(names::COLOR, &folder.labels.color, &labels.color)?;
        folder.labels = labels;
        Ok(())
    }

    fn depth(&self, id: CollectionId) -> usize {
        let above = |id: &CollectionId| self.shelves.get(id)?.place.0;
        std::iter::successors(Some(id), above).count()
    }

    /// Takes a folder out of its place: to another, or for good.
    fn put_aside(&mut self, id: CollectionId, stays: bool) -> Result<Option<Folder>, Error> {
        let disk = self.disk;
        let path = self.path(id);
        let (Some(path), Some(folder)) = (path, self.shelves.remove(&id)) else {
            return Ok(None);
        };
        let siblings = match folder.place.0 {
            Some(parent) => self.shelves.get_mut(&parent).map(|it| &mut it.taken),
            None => Some(&mut self.taken),
        };
        if let Some(siblings) = siblings {
            siblings.remove(&names::folded(&folder.base));
        }
        if !path.is_dir() {
            return Ok(Some(folder).filter(|_| stays));
        }
        if stays {
            disk.make_folder(&self.aside)?;
            disk.rename(&path, &self.aside.join(id.to_string()))?;
            return Ok(Some(folder));
        }
        for known in folder.files.values() {
            let _ = fs::remove_file(path.join(&known.file));
        }
        if folder.shelf == Shelf::Calendar {
            let _ = fs::remove_file(path.join(names::DISPLAY_NAME));
            let _ = fs::remove_file(path.join(names::COLOR));
        }
        if fs::remove_dir(&path).is_err() {
            // Somebody keeps files of theirs there.
            let kept = self.aside.with_file_name("left").join(id.to_string());
            tracing::warn!(folder = %path.display(), kept = %kept.display(),
                "a folder whose calendar is gone holds files that are none of ours");
            if let Some(parent) = kept.parent() {
                disk.make_folder(parent)?;
            }
            disk.rename(&path, &kept)?;
        }
        Ok(None)
    }

    /// Makes the folder of a collection, or brings it to its place.
    fn make(
        &mut self,
        memory: &Memory,
        (id, place, collection): (CollectionId, Place, &Collection),
        moved: Option<Folder>,
    ) -> Result<(), Error> {
        let disk = self.disk;
        self.shelve(id, place, collection, &BTreeSet::new());
        let Some(path) = self.path(id) else {
            return Ok(());
        };
        let aside = self.aside.join(id.to_string());
        if moved.is_some() && aside.is_dir() && !path.exists() {
            disk.rename(&aside, &path)?;
        } else {
            disk.make_folder(&path)?;
        }
        if let (Some(folder), Some(moved)) = (self.shelves.get_mut(&id), moved) {
            folder.files = moved.files;
            folder.taken = moved.taken;
            folder.labels = moved.labels;
        }
        self.fill(memory, id)
    }

    /// Writes all files of a folder that are not as the state says.
    pub(super) fn fill(&mut self, memory: &Memory, id: CollectionId) -> Result<(), Error> {
        let disk = self.disk;
        if let Some(path) = self.path(id) {
            disk.make_folder(&path)?;
        }
        for name in memory.object_names(id) {
            self.settle_object(memory, id, &name)?;
        }
        Ok(())
    }

    /// Gives a collection the name of a folder, in memory.
    fn shelve(
        &mut self,
        id: CollectionId,
        place: Place,
        collection: &Collection,
        there: &BTreeSet<String>,
    ) {
        let siblings = match place.0 {
            Some(parent) => match self.shelves.get_mut(&parent) {
                Some(parent) => &mut parent.taken,
                None => return,
            },
            None => &mut self.taken,
        };
        let base = choose(&place.1, Shelf::Other, siblings, there);
        let shelf = match collection.kind {
            CollectionKind::Calendar(_) => Shelf::Calendar,
            CollectionKind::Home | CollectionKind::Plain | CollectionKind::Attachments => {
                Shelf::Other
            }
        };
        let folder = Folder {
            place,
            shelf,
            base,
            files: BTreeMap::new(),
            taken: BTreeMap::new(),
            labels: Labels::default(),
        };
        self.shelves.insert(id, folder);
    }

    fn parent_path(&self, parent: Option<CollectionId>) -> Option<PathBuf> {
        match parent {
            Some(parent) => self.path(parent),
            None => Some(self.root.clone()),
        }
    }
}

impl Folder {
    /// The file of an object, which gets one if it has none.
    pub(super) fn assign(
        &mut self,
        name: &ObjectName,
        etag: ETag,
        there: &BTreeSet<String>,
    ) -> &mut KnownFile {
        let (shelf, taken) = (self.shelf, &mut self.taken);
        self.files.entry(name.clone()).or_insert_with(|| KnownFile {
            file: choose(name.as_str(), shelf, taken, there),
            etag,
            stamp: None,
        })
    }

    /// Notes a file that somebody else has made.
    pub(super) fn note(&mut self, name: &ObjectName, known: KnownFile) {
        self.taken
            .insert(names::folded(&known.file), name.to_string());
        self.files.insert(name.clone(), known);
    }

    /// Notes what files look like whose bytes are as they were.
    pub(super) fn note_stamps(&mut self, touched: Vec<(ObjectName, Stamp)>) {
        for (name, stamp) in touched {
            if let Some(known) = self.files.get_mut(&name) {
                known.stamp = Some(stamp);
            }
        }
    }

    pub(super) fn release(&mut self, name: &ObjectName) -> Option<KnownFile> {
        let known = self.files.remove(name)?;
        self.taken.remove(&names::folded(&known.file));
        Some(known)
    }
}

/// A file name for a name: the usual one, unless that is another's already on
/// some file system. One that is there is kept.
fn choose(
    name: &str,
    shelf: Shelf,
    taken: &mut BTreeMap<String, String>,
    there: &BTreeSet<String>,
) -> String {
    let usual = names::encode(name, shelf, Care::Usual);
    let strict = names::encode(name, shelf, Care::Strict);
    let holder = taken.get(&names::folded(&usual));
    let is_free = holder.is_none_or(|holder| holder == name);
    let is_there = there.contains(&strict) && !there.contains(&usual);
    let file = if is_free && !is_there { usual } else { strict };
    taken.insert(names::folded(&file), name.to_owned());
    file
}

/// The names in a folder, as they are spelt there.
pub(super) fn listing(folder: &Path) -> Result<BTreeSet<String>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::backend)?;
    let mut names = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(Error::backend)?;
        names.extend(entry.file_name().into_string().ok());
    }
    Ok(names)
}

type Place = (Option<CollectionId>, String);

/// All collections that are not in the trash, what holds others before these.
fn by_depth(memory: &Memory) -> Vec<(CollectionId, Place, Collection)> {
    let live = memory.live();
    let parents: HashMap<_, _> = live.iter().map(|(it, _)| (it.id, it.parent)).collect();
    let depth = |id: CollectionId| {
        let above = |id: &CollectionId| parents.get(id).copied().flatten();
        std::iter::successors(Some(id), above).count()
    };
    let placed = live.into_iter().filter_map(|(collection, owner)| {
        let name = match (collection.parent, owner) {
            (Some(_), _) => collection.name.to_string(),
            (None, owner) => owner.as_ref().map(PrincipalName::to_string)?,
        };
        Some((collection.id, (collection.parent, name), collection))
    });
    let mut placed: Vec<_> = placed.collect();
    placed.sort_by_cached_key(|(id, ..)| (depth(*id), *id));
    placed
}
