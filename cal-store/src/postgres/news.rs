//! News between nodes: what each commits is told to all others with `NOTIFY`.
//!
//! It is told after the commit, on a connection of its own: PostgreSQL commits
//! transactions that notify one after the other, with the disk in between. A
//! node that dies right after a commit takes its news with it. News is a
//! reason to read the log, never the truth.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::sync::{Notify, broadcast};
use tokio::task::{AbortHandle, JoinHandle};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls};

use super::lanes::Outcome;
use crate::store::subject;
use crate::{
    Cause, Change, CollectionId, Effect, Error, PrincipalId, Subject, Timestamp, Transaction, Via,
};

/// Topics that wait to be told before it is only told that much has changed.
const PENDING: usize = 10_000;

/// The pause before a lost connection is made again.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest of these pauses.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long to wait for a connection to listen with.
const CONNECT: Duration = Duration::from_secs(10);

/// Tells what this node commits and hears what others do.
#[derive(Debug)]
pub(super) struct Herald {
    shared: Arc<Shared>,
    task: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    /// The channel of the workspace.
    channel: String,
    /// Whose news it is: a node does not hear its own.
    node: i64,
    pending: Mutex<BTreeMap<Topic, Moment>>,
    wake: Notify,
    sinks: Mutex<Vec<broadcast::Sender<Change>>>,
}

/// What news is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Topic {
    Members(CollectionId),
    Collection(CollectionId),
    Principal(PrincipalId),
    Everything,
}

/// The sequence and the instant of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Moment {
    sequence: u64,
    at: i64,
}

impl Herald {
    pub(super) fn start(mut config: Config, workspace: i64) -> Self {
        let name = config.get_application_name().unwrap_or("cal");
        let name = format!("{name} news");
        config.application_name(name);
        let shared = Arc::new(Shared {
            channel: format!("cal_{workspace}"),
            node: CollectionId::random().into_raw(),
            pending: Mutex::default(),
            wake: Notify::new(),
            sinks: Mutex::default(),
        });
        let task = tokio::spawn(keep_listening(config, Arc::clone(&shared)));
        Self {
            shared,
            task: task.abort_handle(),
        }
    }

    /// Publishes what is heard here, too.
    pub(super) fn publish_to(&self, sink: broadcast::Sender<Change>) {
        lock(&self.shared.sinks).push(sink);
    }

    /// Tells others what has been committed.
    pub(super) fn tell(&self, transactions: &[Transaction], outcomes: &[Outcome]) {
        let mut pending = lock(&self.shared.pending);
        for (transaction, outcome) in transactions.iter().zip(outcomes) {
            let Ok(receipts) = outcome else { continue };
            for (write, receipt) in transaction.writes.iter().zip(receipts) {
                if receipt.effect == Effect::Unchanged {
                    continue;
                }
                let moment = Moment {
                    sequence: receipt.sequence,
                    at: transaction.cause.at.millis(),
                };
                add(&mut pending, Topic::of(&subject(write)), moment);
            }
        }
        drop(pending);
        self.shared.wake.notify_one();
    }
}

/// The listener ends with the store that it listens for.
impl Drop for Herald {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add(pending: &mut BTreeMap<Topic, Moment>, topic: Topic, moment: Moment) {
    if pending.len() >= PENDING {
        pending.clear();
        pending.insert(Topic::Everything, moment);
    }
    let latest = pending.entry(topic).or_insert(moment);
    *latest = moment.max(*latest);
}

/// Listens for as long as the node lives, on one connection after the other.
async fn keep_listening(config: Config, shared: Arc<Shared>) {
    let mut pause = PAUSE;
    let mut missed = false;
    loop {
        match tokio::time::timeout(CONNECT, listen(&config, &shared)).await {
            Ok(Ok((client, connection))) => {
                if missed {
                    shared.publish(Topic::Everything, Moment::UNKNOWN);
                }
                pause = PAUSE;
                shared.tell_until_closed(client, connection).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "cannot listen to other nodes"),
            Err(_) => tracing::debug!("no connection to listen to other nodes"),
        }
        missed = true;
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Connects and listens; what is heard is published at once.
async fn listen(config: &Config, shared: &Arc<Shared>) -> Result<(Client, Hearing), Error> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let ears = Arc::clone(shared);
    let hearing = Hearing(tokio::spawn(async move {
        let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
        while let Some(Ok(message)) = messages.next().await {
            if let AsyncMessage::Notification(news) = message {
                ears.hear(news.payload());
            }
        }
    }));
    let channel = &shared.channel;
    client.batch_execute(&format!("LISTEN {channel}")).await?;
    Ok((client, hearing))
}

/// The task that drives a connection, which ends with this.
struct Hearing(JoinHandle<()>);

impl Drop for Hearing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Shared {
    async fn tell_until_closed(&self, client: Client, mut connection: Hearing) {
        loop {
            if !self.tell_pending(&client).await {
                return;
            }
            tokio::select! {
                () = self.wake.notified() => {}
                _ = &mut connection.0 => return,
            }
        }
    }

    /// Tells all that waits; whether that has worked.
    async fn tell_pending(&self, client: &Client) -> bool {
        const TELL: &str = "SELECT pg_notify($1, news) FROM unnest($2::text[]) AS news";
        let pending = std::mem::take(&mut *lock(&self.pending));
        if pending.is_empty() {
            return true;
        }
        let news: Vec<String> = pending
            .iter()
            .map(|(topic, moment)| self.written(*topic, *moment))
            .collect();
        let Err(error) = client.execute(TELL, &[&self.channel, &news]).await else {
            return true;
        };
        tracing::debug!(%error, "could not tell other nodes");
        let mut waiting = lock(&self.pending);
        for (topic, moment) in pending {
            add(&mut waiting, topic, moment);
        }
        false
    }

    /// News as a payload: whose, what about, and when.
    fn written(&self, topic: Topic, moment: Moment) -> String {
        let Moment { sequence, at } = moment;
        let mut news = format!("{:x} ", self.node);
        // Writing to a string cannot fail.
        let _ = match topic {
            Topic::Members(id) => write!(news, "m {id}"),
            Topic::Collection(id) => write!(news, "c {id}"),
            Topic::Principal(id) => write!(news, "p {id}"),
            Topic::Everything => write!(news, "e -"),
        };
        let _ = write!(news, " {sequence} {at}");
        news
    }

    fn hear(&self, payload: &str) {
        // A payload that means nothing is a newer program's: anything may have changed.
        let (node, topic, moment) =
            read(payload).unwrap_or((0, Topic::Everything, Moment::UNKNOWN));
        if node != self.node {
            self.publish(topic, moment);
        }
    }

    fn publish(&self, topic: Topic, moment: Moment) {
        let at = Timestamp::from_millis(moment.at);
        let cause = Arc::new(Cause::new(Via::System, at));
        let change = Change::new(topic.subject(), Effect::Updated, moment.sequence, &cause);
        for sink in &*lock(&self.sinks) {
            // Without subscribers there is nobody to tell.
            let _ = sink.send(change.clone());
        }
    }
}

fn read(payload: &str) -> Option<(i64, Topic, Moment)> {
    let mut words = payload.split(' ');
    let node = i64::from_str_radix(words.next()?, 16).ok()?;
    let (kind, id) = (words.next()?, words.next()?);
    let topic = match kind {
        "m" => Topic::Members(id.parse().ok()?),
        "c" => Topic::Collection(id.parse().ok()?),
        "p" => Topic::Principal(id.parse().ok()?),
        _ => Topic::Everything,
    };
    let moment = Moment {
        sequence: words.next()?.parse().ok()?,
        at: words.next()?.parse().ok()?,
    };
    Some((node, topic, moment))
}

impl Topic {
    fn of(subject: &Subject) -> Self {
        match subject {
            Subject::Object(id, _) | Subject::Members(id) => Self::Members(*id),
            Subject::Collection(id) => Self::Collection(*id),
            Subject::Principal(id) => Self::Principal(*id),
            Subject::Everything => Self::Everything,
        }
    }

    fn subject(self) -> Subject {
        match self {
            Self::Members(id) => Subject::Members(id),
            Self::Collection(id) => Subject::Collection(id),
            Self::Principal(id) => Subject::Principal(id),
            Self::Everything => Subject::Everything,
        }
    }
}

impl Moment {
    /// Of what nobody has told.
    const UNKNOWN: Self = Self { sequence: 0, at: 0 };
}
