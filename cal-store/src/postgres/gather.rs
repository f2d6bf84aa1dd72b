//! Reads of single objects that are asked for at the same time, asked of the
//! database in one statement: a round trip costs more than what it brings.
//!
//! What is asked for while a question is on its way is the next question. So
//! a caller alone waits for nobody, and many share one round trip.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deadpool_postgres::Pool;
use tokio::sync::oneshot;

use super::connection::{Fault, connection};
use super::read::Reader;
use crate::{CollectionId, Epoch, Error, Object, ObjectName};

/// Questions on their way at the same time.
const QUESTIONS: usize = 2;

/// Objects of one question at most.
const GROUP: usize = 64;

/// An object that somebody waits for.
struct Request {
    collection: CollectionId,
    name: ObjectName,
    reply: oneshot::Sender<Result<Option<Object>, Error>>,
}

/// Where requests are gathered.
pub(super) struct Gatherer {
    pool: Pool,
    workspace: i64,
    epoch: Epoch,
    line: Mutex<Line>,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<Request>,
    /// Tasks that ask.
    asking: usize,
}

impl fmt::Debug for Gatherer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gatherer").finish_non_exhaustive()
    }
}

impl Gatherer {
    pub(super) fn new(pool: Pool, workspace: i64, epoch: Epoch) -> Arc<Self> {
        Arc::new(Self {
            pool,
            workspace,
            epoch,
            line: Mutex::default(),
        })
    }

    pub(super) async fn object(
        self: &Arc<Self>,
        collection: CollectionId,
        name: &ObjectName,
    ) -> Result<Option<Object>, Error> {
        let (reply, answer) = oneshot::channel();
        let request = Request {
            collection,
            name: name.clone(),
            reply,
        };
        if self.enqueue(request) {
            tokio::spawn(Arc::clone(self).ask());
        }
        answer.await.map_err(|_| Error::Unavailable)?
    }

    /// Whether another task is to ask.
    fn enqueue(&self, request: Request) -> bool {
        let mut line = self.line();
        line.waiting.push_back(request);
        let more = line.asking < QUESTIONS;
        line.asking += usize::from(more);
        more
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks until nobody waits.
    async fn ask(self: Arc<Self>) {
        let mut asking = Asking(Some(&self));
        while let Some(group) = self.next() {
            match self.answers(&group).await {
                Ok(answers) => {
                    let mut group = group.into_iter();
                    for (answer, request) in answers.into_iter().zip(group.by_ref()) {
                        // The caller may have gone.
                        let _ = request.reply.send(Ok(answer));
                    }
                    // Those for which there was no room are the first of the next.
                    let mut line = self.line();
                    for request in group.rev() {
                        line.waiting.push_front(request);
                    }
                }
                // One object that cannot be read must not hide the others.
                Err(error) if Fault::of(&error) == Fault::Other && group.len() > 1 => {
                    tracing::warn!(%error, "objects cannot be read together, each is read alone");
                    for request in group {
                        let answer = self.answers(std::slice::from_ref(&request)).await;
                        let answer = answer.map(|answers| answers.into_iter().next().flatten());
                        let _ = request.reply.send(answer);
                    }
                }
                Err(error) => {
                    for request in group {
                        let _ = request.reply.send(Err(error.clone()));
                    }
                }
            }
        }
        asking.0 = None;
    }

    /// The next group; if there is none, the task has to end.
    fn next(&self) -> Option<Vec<Request>> {
        let mut line = self.line();
        let count = line.waiting.len().min(GROUP);
        let group: Vec<Request> = line
            .waiting
            .drain(..count)
            .filter(|request| !request.reply.is_closed())
            .collect();
        if count == 0 {
            line.asking -= 1;
            return None;
        }
        Some(group)
    }

    async fn answers(&self, group: &[Request]) -> Result<Vec<Option<Object>>, Error> {
        if group.is_empty() {
            return Ok(Vec::new());
        }
        let reader = Reader {
            connection: connection(&self.pool).await?,
            workspace: self.workspace,
            epoch: self.epoch,
        };
        if let [
            Request {
                collection, name, ..
            },
        ] = group
        {
            return Ok(vec![reader.object(*collection, name).await?]);
        }
        let names = group
            .iter()
            .map(|request| (request.collection, &request.name));
        reader.objects_of_many(names).await
    }
}

/// A task that asks. One that comes to grief makes room for another.
struct Asking<'g>(Option<&'g Gatherer>);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        if let Some(gatherer) = self.0 {
            let mut line = gatherer.line();
            line.asking = line.asking.saturating_sub(1);
        }
    }
}
