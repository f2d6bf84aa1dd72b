//! Objects as programs in the field write them.

use std::collections::BTreeMap;
use std::path::Path;

use cal_core::{Calendar, PropertyKind};
use cal_sync::simulate::{Collection, Habit};
use cal_sync::{Body, Object, Policy, SkipReason};

use crate::pair::Two;

/// The objects of the corpus by UID, each once; `None` where there is none.
fn objects() -> Option<BTreeMap<String, Vec<u8>>> {
    let folder = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/data/ics"
    ));
    let Ok(files) = std::fs::read_dir(folder) else {
        eprintln!("skipped: no {}", folder.display());
        return None;
    };
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let mut objects = BTreeMap::new();
    for path in paths
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "ics"))
    {
        let calendar = Calendar::read(std::fs::read(path).unwrap()).calendar;
        for (object, text) in calendar.split() {
            if !object.is_uid_synthetic() {
                objects
                    .entry(object.uid().to_owned())
                    .or_insert(text.to_vec());
            }
        }
    }
    Some(objects)
}

/// The object with a property of its first component set.
fn with(body: &Body, kind: PropertyKind, text: &str) -> Body {
    let mut calendar = Calendar::read(body.as_bytes()).calendar;
    let id = calendar.objects()[0].components()[0].id();
    calendar.component_mut(id).unwrap().set_text(kind, text);
    Body::from(calendar.to_bytes().to_vec())
}

#[tokio::test]
async fn the_corpus_syncs_merges_and_comes_to_rest() {
    let Some(objects) = objects() else { return };
    assert!(objects.len() > 1000, "{}", objects.len());
    let two = Two::between(
        Collection::new("a", Habit::Faithful),
        Collection::new("b", Habit::Rewriting),
        Policy::new(),
    );
    for (uid, body) in &objects {
        two.a.put(uid, body.clone());
    }
    let report = two.settle().await;
    let read = report.written.b.created;
    let unreadable = report
        .skipped
        .iter()
        .filter(|s| matches!(s.why, SkipReason::Unreadable(_)));
    assert_eq!(read + unreadable.count(), objects.len(), "{report}");

    let (ours, theirs) = (two.a.bodies(), two.b.bodies());
    for (uid, body) in &theirs {
        two.a
            .put(uid, with(&ours[uid], PropertyKind::Location, "Here"));
        two.b
            .put(uid, with(body, PropertyKind::Summary, "Edited, there"));
    }
    let report = two.settle().await;
    // Only what cannot be cut up without harm is decided as a whole.
    let is_text = |body: &&Body| std::str::from_utf8(body.as_bytes()).is_ok();
    let whole = theirs.len() - theirs.values().filter(is_text).count();
    assert!(report.losses <= whole, "{} conflicts", report.losses);
    let (ours, theirs) = (two.a.bodies(), two.b.bodies());
    for (uid, body) in theirs {
        let texts = [&ours[&uid], &body].map(|body| Object::read(body.clone()).unwrap());
        assert!(texts[0].says_the_same(&texts[1]), "{uid}");
        if std::str::from_utf8(body.as_bytes()).is_ok() {
            let text = String::from_utf8_lossy(body.as_bytes());
            assert!(
                text.contains("Edited\\, there") && text.contains("Here"),
                "{text}"
            );
        }
    }
}
