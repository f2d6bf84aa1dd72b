//! News of what one process commits, on its way to others that have the same
//! store: what waits to be told, how it is written, and who hears it here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, broadcast};

use crate::{Cause, Change, CollectionId, Effect, PrincipalId, Subject, Timestamp, Via};

/// Topics that wait to be told before it is only told that much has changed.
const PENDING: usize = 10_000;

/// What news is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    Members(CollectionId),
    Collection(CollectionId),
    Principal(PrincipalId),
    Jobs,
    Secrets,
    Everything,
}

/// The sequence and the instant of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) sequence: u64,
    pub(crate) at: i64,
}

/// The last change of each topic that others do not know of yet.
pub(crate) type Pending = BTreeMap<Topic, Moment>;

/// The news of one process.
#[derive(Debug)]
pub(crate) struct News {
    /// Whose news it is: a process does not hear its own.
    node: i64,
    pending: Mutex<Pending>,
    wake: Notify,
    sinks: Mutex<Vec<broadcast::Sender<Change>>>,
}

impl News {
    /// None yet, and nobody who hears any.
    pub(crate) fn new() -> Self {
        Self {
            node: CollectionId::random().into_raw(),
            pending: Mutex::default(),
            wake: Notify::new(),
            sinks: Mutex::default(),
        }
    }

    /// Publishes what is heard here, too.
    pub(crate) fn publish_to(&self, sink: broadcast::Sender<Change>) {
        lock(&self.sinks).push(sink);
    }

    /// Notes what others are to be told.
    pub(crate) fn tell(&self, news: impl IntoIterator<Item = (Topic, Moment)>) {
        let mut pending = lock(&self.pending);
        for (topic, moment) in news {
            if pending.len() >= PENDING {
                pending.clear();
                pending.insert(Topic::Everything, moment);
            }
            let latest = pending.entry(topic).or_insert(moment);
            *latest = moment.max(*latest);
        }
        drop(pending);
        self.wake.notify_one();
    }

    /// Waits until there may be something to tell.
    pub(crate) async fn wait(&self) {
        self.wake.notified().await;
    }

    /// All that others are to be told, to be [told](Self::tell) again if that fails.
    pub(crate) fn take_pending(&self) -> Pending {
        std::mem::take(&mut *lock(&self.pending))
    }

    /// News as a line: whose, what about, and when.
    pub(crate) fn written(&self, topic: Topic, moment: Moment) -> String {
        let Moment { sequence, at } = moment;
        let mut news = format!("{:x} ", self.node);
        // Writing to a string cannot fail.
        let _ = match topic {
            Topic::Members(id) => write!(news, "m {id}"),
            Topic::Collection(id) => write!(news, "c {id}"),
            Topic::Principal(id) => write!(news, "p {id}"),
            Topic::Jobs => write!(news, "j -"),
            Topic::Secrets => write!(news, "s -"),
            Topic::Everything => write!(news, "e -"),
        };
        let _ = write!(news, " {sequence} {at}");
        news
    }

    /// Publishes what another process has written; its own it knows.
    pub(crate) fn hear(&self, line: &str) {
        // A line that means nothing is a newer program's: anything may have changed.
        let (node, topic, moment) = read(line).unwrap_or((0, Topic::Everything, Moment::UNKNOWN));
        if node != self.node {
            self.publish(topic, moment);
        }
    }

    /// Publishes that news may have been lost.
    pub(crate) fn missed(&self) {
        self.publish(Topic::Everything, Moment::UNKNOWN);
    }

    fn publish(&self, topic: Topic, moment: Moment) {
        let at = Timestamp::from_millis(moment.at);
        let cause = Arc::new(Cause::new(Via::System, at));
        let change = Change::elsewhere(topic.subject(), moment.sequence, &cause);
        for sink in &*lock(&self.sinks) {
            // Without subscribers there is nobody to tell.
            let _ = sink.send(change.clone());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(line: &str) -> Option<(i64, Topic, Moment)> {
    let mut words = line.split(' ');
    let node = i64::from_str_radix(words.next()?, 16).ok()?;
    let (kind, id) = (words.next()?, words.next()?);
    let topic = match kind {
        "m" => Topic::Members(id.parse().ok()?),
        "c" => Topic::Collection(id.parse().ok()?),
        "p" => Topic::Principal(id.parse().ok()?),
        "j" => Topic::Jobs,
        "s" => Topic::Secrets,
        _ => Topic::Everything,
    };
    let moment = Moment {
        sequence: words.next()?.parse().ok()?,
        at: words.next()?.parse().ok()?,
    };
    Some((node, topic, moment))
}

impl Topic {
    /// What to tell of an effect, if it is any news to others.
    pub(crate) fn of_news(subject: &Subject, effect: Effect) -> Option<Self> {
        let topic = Self::of(subject);
        // A job that is gone is nothing to those who wait for one.
        let is_done = topic == Self::Jobs && effect == Effect::Deleted;
        (effect != Effect::Unchanged && !is_done).then_some(topic)
    }

    fn of(subject: &Subject) -> Self {
        match subject {
            Subject::Object(id, _) | Subject::Members(id) => Self::Members(*id),
            Subject::Collection(id) => Self::Collection(*id),
            Subject::Principal(id) => Self::Principal(*id),
            Subject::Jobs => Self::Jobs,
            Subject::Secrets => Self::Secrets,
            Subject::Everything => Self::Everything,
        }
    }

    fn subject(self) -> Subject {
        match self {
            Self::Members(id) => Subject::Members(id),
            Self::Collection(id) => Subject::Collection(id),
            Self::Principal(id) => Subject::Principal(id),
            Self::Jobs => Subject::Jobs,
            Self::Secrets => Subject::Secrets,
            Self::Everything => Subject::Everything,
        }
    }
}

impl Moment {
    /// Of what nobody has told.
    pub(crate) const UNKNOWN: Self = Self { sequence: 0, at: 0 };
}
