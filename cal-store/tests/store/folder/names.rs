//! Names that no file system takes, or that it takes for others.

use std::fs;

use cal_store::{ObjectName, PageRequest, Put};

use super::{calendar, open};
use crate::scene::{calendar_of_ada, cause, event};

#[tokio::test]
async fn objects_of_any_names_have_files_and_come_back_under_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let long = format!("{}.ics", "é".repeat(120));
    let mut names = [
        "a.ics",
        "A.ics",
        "no ending",
        ".hidden.ics",
        "color",
        "displayname",
        "a:b?.ics",
        "100%.ics",
        "tab\t.ics",
        "con.ics",
        "zoë.ics",
        "Zoë.ics",
        "zoe\u{308}.ics",
        "dot.",
        &long,
    ];
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    for (number, name) in names.iter().enumerate() {
        let body = event(&number.to_string(), name.trim());
        let put = Put::new(id, ObjectName::new(name).unwrap(), body);
        store.put(put, &cause()).await.unwrap();
    }
    drop(store);
    let files = fs::read_dir(calendar(root)).unwrap();
    let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<_> = files.filter(|file| file.ends_with(".ics")).collect();
    files
        .iter_mut()
        .for_each(|file| *file = file.to_lowercase());
    files.sort_unstable();
    files.dedup();
    assert_eq!(files.len(), names.len(), "{files:?}");
    let store = open(root).await;
    let token = store.collection(id).await.unwrap().unwrap().token;
    assert_eq!(
        token.sequence(),
        names.len() as u64,
        "nothing was taken for an edit"
    );
    let entries = store.entries(id, PageRequest::first(100)).await.unwrap();
    let found: Vec<_> = entries
        .items
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(found, names);
}
