//! News between nodes: what each commits is told to all others with `NOTIFY`.
//!
//! It is told after the commit, on a connection of its own: PostgreSQL commits
//! transactions that notify one after the other, with the disk in between. A
//! node that dies right after a commit takes its news with it. News is a
//! reason to read the log, never the truth.

use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::sync::broadcast;
use tokio::task::{AbortHandle, JoinHandle};
use tokio_postgres::{AsyncMessage, Client};

use super::lanes::Outcome;
use super::tls::Address;
use crate::news::{Moment, News, Topic};
use crate::store::subject;
use crate::{Change, Error, Transaction};

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
    news: News,
}

impl Herald {
    pub(super) fn start(mut address: Address, workspace: i64) -> Self {
        let name = address.config.get_application_name().unwrap_or("cal");
        let name = format!("{name} news");
        address.config.application_name(name);
        let shared = Arc::new(Shared {
            channel: format!("cal_{workspace}"),
            news: News::new(),
        });
        let task = tokio::spawn(keep_listening(address, Arc::clone(&shared)));
        Self {
            shared,
            task: task.abort_handle(),
        }
    }

    /// Publishes what is heard here, too.
    pub(super) fn publish_to(&self, sink: broadcast::Sender<Change>) {
        self.shared.news.publish_to(sink);
    }

    /// Tells others what has been committed.
    pub(super) fn tell(&self, transactions: &[Transaction], outcomes: &[Outcome]) {
        let committed = transactions.iter().zip(outcomes);
        let news = committed.filter_map(|(transaction, outcome)| {
            let at = transaction.cause.at.millis();
            let done = transaction.writes.iter().zip(outcome.as_ref().ok()?);
            Some(done.filter_map(move |(write, receipt)| {
                let topic = Topic::of_news(&subject(write), receipt.effect)?;
                let sequence = receipt.sequence;
                Some((topic, Moment { sequence, at }))
            }))
        });
        self.shared.news.tell(news.flatten());
    }
}

/// The listener ends with the store that it listens for.
impl Drop for Herald {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Listens for as long as the node lives, on one connection after the other.
async fn keep_listening(address: Address, shared: Arc<Shared>) {
    let mut pause = PAUSE;
    let mut missed = false;
    loop {
        match tokio::time::timeout(CONNECT, listen(&address, &shared)).await {
            Ok(Ok((client, connection))) => {
                if missed {
                    shared.news.missed();
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
async fn listen(address: &Address, shared: &Arc<Shared>) -> Result<(Client, Hearing), Error> {
    let (client, mut connection) = address.connect().await?;
    let ears = Arc::clone(shared);
    let hearing = Hearing(tokio::spawn(async move {
        let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
        while let Some(Ok(message)) = messages.next().await {
            if let AsyncMessage::Notification(news) = message {
                ears.news.hear(news.payload());
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
                () = self.news.wait() => {}
                _ = &mut connection.0 => return,
            }
        }
    }

    /// Tells all that waits; whether that has worked.
    async fn tell_pending(&self, client: &Client) -> bool {
        const TELL: &str = "SELECT pg_notify($1, news) FROM unnest($2::text[]) AS news";
        let pending = self.news.take_pending();
        if pending.is_empty() {
            return true;
        }
        let news: Vec<String> = pending
            .iter()
            .map(|(topic, moment)| self.news.written(*topic, *moment))
            .collect();
        let Err(error) = client.execute(TELL, &[&self.channel, &news]).await else {
            return true;
        };
        tracing::debug!(%error, "could not tell other nodes");
        self.news.tell(pending);
        false
    }
}
