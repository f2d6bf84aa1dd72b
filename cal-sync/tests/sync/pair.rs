//! Two collections in memory with a mapping between them.

use cal_sync::endpoint::Run;
use cal_sync::simulate::{Collection, Habit};
use cal_sync::{Error, Mapping, Memory, Plan, Policy, Report, Side};

pub(crate) struct Two {
    pub(crate) a: Collection,
    pub(crate) b: Collection,
    pub(crate) mapping: Mapping,
    pub(crate) state: Memory,
}

impl Two {
    pub(crate) fn new() -> Self {
        Self::of(Habit::Faithful, Policy::new())
    }

    /// With a side b of this habit.
    pub(crate) fn of(habit: Habit, policy: Policy) -> Self {
        Self::between(
            Collection::new("a", Habit::Faithful),
            Collection::new("b", habit),
            policy,
        )
    }

    pub(crate) fn between(a: Collection, b: Collection, policy: Policy) -> Self {
        Self {
            mapping: Mapping::new(a.clone(), b.clone()).with_policy(policy),
            state: Memory::new(),
            a,
            b,
        }
    }

    pub(crate) fn side(&self, side: Side) -> &Collection {
        match side {
            Side::A => &self.a,
            Side::B => &self.b,
        }
    }

    pub(crate) async fn run(&self) -> Result<Report, Error> {
        self.mapping.run(&self.state, &run()).await
    }

    /// A run in which nothing goes wrong.
    pub(crate) async fn sync(&self) -> Report {
        let report = self.run().await.expect("a run");
        assert_eq!(report.failed, [], "{report}");
        assert_eq!(report.stopped, None);
        report
    }

    /// A run after which another has nothing to write.
    pub(crate) async fn settle(&self) -> Report {
        let report = self.sync().await;
        let again = self.sync().await;
        assert_eq!(again.writes(), 0, "a second run writes: {again}");
        report
    }

    pub(crate) async fn plan(&self) -> Plan {
        self.mapping.plan(&self.state).await.expect("a plan")
    }

    /// The text of an object on both sides, which must be the same.
    pub(crate) fn both(&self, id: &str) -> String {
        let (a, b) = (text(&self.a, id), text(&self.b, id));
        assert_eq!(a, b);
        a
    }
}

pub(crate) fn run() -> Run {
    Run::new("test", "2026-03-01T12:00:00Z".parse().unwrap())
}

/// An event with these lines, under its UID as id.
pub(crate) fn event(uid: &str, lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("{line}\r\n")).collect();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
         DTSTAMP:20260101T000000Z\r\nDTSTART:20260302T090000Z\r\n{lines}END:VEVENT\r\n\
         END:VCALENDAR\r\n"
    )
}

/// The text of an object.
pub(crate) fn text(collection: &Collection, id: &str) -> String {
    let bodies = collection.bodies();
    let body = bodies.get(id).unwrap_or_else(|| panic!("no {id}"));
    String::from_utf8(body.as_bytes().to_vec()).unwrap()
}

/// Puts an edited copy of an object there.
pub(crate) fn edit(collection: &Collection, id: &str, from: &str, to: &str) {
    let old = text(collection, id);
    assert!(old.contains(from), "{from} in {old}");
    collection.put(id, old.replace(from, to));
}
