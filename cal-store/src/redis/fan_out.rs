//! News between processes by publishing it in Redis.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use redis::Client;
use redis::aio::MultiplexedConnection;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;

use crate::news::{Moment, News, Topic};
use crate::{Changes, Store};

/// The pause before a lost connection is made again.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest of these pauses.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long a connection, or an answer on it, may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The news of one process, told and heard for as long as this lives.
#[derive(Debug)]
pub struct FanOut {
    _tasks: JoinSet<()>,
}

/// What the tasks have in common.
#[derive(Debug)]
struct Shared {
    client: Client,
    channel: String,
    news: News,
}

impl FanOut {
    pub(super) fn start(client: Client, store: &Store) -> Self {
        let news = News::new();
        news.publish_to(store.sink());
        let shared = Arc::new(Shared {
            client,
            channel: format!("cal:{:x}:news", store.epoch().into_raw()),
            news,
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(collect(Arc::clone(&shared), store.subscribe()));
        tasks.spawn(keep_telling(Arc::clone(&shared)));
        tasks.spawn(keep_listening(shared));
        Self { _tasks: tasks }
    }
}

/// Notes what this process commits.
async fn collect(shared: Arc<Shared>, mut changes: Changes) {
    loop {
        match changes.recv().await {
            // What others did they have told themselves.
            Ok(change) if change.elsewhere => {}
            Ok(change) => {
                let moment = Moment {
                    sequence: change.sequence,
                    at: change.cause.at.millis(),
                };
                let topic = Topic::of_news(&change.subject, change.effect);
                shared.news.tell(topic.map(|topic| (topic, moment)));
            }
            Err(RecvError::Lagged(_)) => {
                shared.news.tell([(Topic::Everything, Moment::UNKNOWN)]);
            }
            Err(RecvError::Closed) => return,
        }
    }
}

/// Tells others for as long as the process lives, on one connection after the
/// other; what could not be told is told on the next.
async fn keep_telling(shared: Arc<Shared>) {
    let mut pause = PAUSE;
    loop {
        match tokio::time::timeout(PATIENCE, shared.client.get_multiplexed_async_connection()).await
        {
            Ok(Ok(mut connection)) => {
                pause = PAUSE;
                while shared.tell_pending(&mut connection).await {
                    shared.news.wait().await;
                }
            }
            Ok(Err(error)) => tracing::debug!(%error, "cannot tell other processes"),
            Err(_) => tracing::debug!("no connection to tell other processes"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Hears others for as long as the process lives.
async fn keep_listening(shared: Arc<Shared>) {
    let mut pause = PAUSE;
    let mut missed = false;
    loop {
        match shared.listen(missed).await {
            Ok(()) => pause = PAUSE,
            Err(error) => tracing::debug!(%error, "cannot listen to other processes"),
        }
        missed = true;
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

impl Shared {
    /// Tells all that waits; whether that has worked.
    async fn tell_pending(&self, connection: &mut MultiplexedConnection) -> bool {
        let pending = self.news.take_pending();
        if pending.is_empty() {
            return true;
        }
        let mut pipeline = redis::pipe();
        for (topic, moment) in &pending {
            let line = self.news.written(*topic, *moment);
            let publish = pipeline.cmd("PUBLISH").arg(&self.channel);
            publish.arg(line).ignore();
        }
        let told = pipeline.query_async::<()>(connection);
        let why = match tokio::time::timeout(PATIENCE, told).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        tracing::debug!(error = %why, "could not tell other processes");
        self.news.tell(pending);
        false
    }

    /// Connects and publishes what is heard, until the connection is lost.
    /// After an earlier one was lost, news may have been lost with it.
    async fn listen(&self, missed: bool) -> redis::RedisResult<()> {
        let connected = tokio::time::timeout(PATIENCE, async {
            let mut connection = self.client.get_async_pubsub().await?;
            connection.subscribe(&self.channel).await?;
            Ok::<_, redis::RedisError>(connection)
        });
        let connection = match connected.await {
            Ok(connected) => connected?,
            Err(late) => return Err(std::io::Error::from(late).into()),
        };
        if missed {
            self.news.missed();
        }
        let mut messages = connection.into_on_message();
        while let Some(message) = messages.next().await {
            self.news.hear(&message.get_payload::<String>()?);
        }
        Ok(())
    }
}
