//! Statements sent one after the other without waiting for the answers.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use bytes::Bytes;
use deadpool_postgres::Object;
use futures::SinkExt;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};

use super::copy::{Rows, Table};
use crate::Error;

/// A value of a statement.
pub(super) type Value<'v> = Box<dyn ToSql + Sync + Send + 'v>;

/// A statement with what it needs.
pub(super) struct Call<'v> {
    sql: &'static str,
    input: Input<'v>,
}

enum Input<'v> {
    Values(Vec<Value<'v>>),
    /// The rows of a COPY.
    Rows(Bytes),
}

impl<'v> Call<'v> {
    pub(super) fn new(sql: &'static str, values: Vec<Value<'v>>) -> Self {
        let input = Input::Values(values);
        Self { sql, input }
    }

    /// Brings rows into a table.
    pub(super) fn copy(table: &Table, rows: Rows) -> Self {
        Self {
            sql: table.sql,
            input: Input::Rows(rows.into_bytes()),
        }
    }

    async fn answer(
        &self,
        connection: &Object,
        statement: &Statement,
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        match &self.input {
            Input::Values(values) => {
                let values: Vec<&(dyn ToSql + Sync)> =
                    values.iter().map(|value| &**value as _).collect();
                connection.query(statement, &values).await
            }
            Input::Rows(rows) => {
                let mut sink = pin!(connection.copy_in(statement).await?);
                sink.send(rows.clone()).await?;
                sink.finish().await.map(|_| Vec::new())
            }
        }
    }
}

/// What is done around the calls of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bounds {
    /// They begin a transaction.
    Begin,
    /// They end one, which is committed.
    Commit,
    /// They are one, which is committed.
    Whole,
    /// They are in the middle of one, or need none.
    Within,
    /// They read, all of one snapshot.
    Snapshot,
}

impl Bounds {
    /// What begins a transaction, if one is begun.
    const fn begin(self) -> Option<&'static str> {
        match self {
            Self::Begin | Self::Whole => Some("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"),
            Self::Snapshot => Some("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
            Self::Commit | Self::Within => None,
        }
    }

    /// Whether a transaction is ended.
    const fn commits(self) -> bool {
        matches!(self, Self::Commit | Self::Whole | Self::Snapshot)
    }
}

/// An answer on its way.
type Answer<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<Row>, tokio_postgres::Error>> + Send + 'a>>;

/// Makes all calls in one round trip and answers the rows of each.
///
/// If one fails, none after it is done, a commit included. The failure
/// answered is the first.
pub(super) async fn run(
    connection: &Object,
    bounds: Bounds,
    calls: &[Call<'_>],
) -> Result<Vec<Vec<Row>>, Error> {
    let mut statements = Vec::with_capacity(calls.len());
    for call in calls {
        statements.push(connection.prepare_cached(call.sql).await?);
    }
    let mut answers: Vec<Answer<'_>> = Vec::with_capacity(calls.len() + 2);
    if let Some(begin) = bounds.begin() {
        answers.push(Box::pin(command(connection, begin)));
    }
    for (statement, call) in statements.iter().zip(calls) {
        answers.push(Box::pin(call.answer(connection, statement)));
    }
    if bounds.commits() {
        answers.push(Box::pin(command(connection, "COMMIT")));
    }
    let answers = in_order(answers).await;
    let begun = usize::from(bounds.begin().is_some());
    let mut rows = Vec::with_capacity(calls.len());
    for answer in answers {
        rows.push(answer?);
    }
    rows.drain(..begun);
    rows.truncate(calls.len());
    Ok(rows)
}

async fn command(connection: &Object, sql: &str) -> Result<Vec<Row>, tokio_postgres::Error> {
    connection.batch_execute(sql).await.map(|()| Vec::new())
}

/// Waits for all. They are sent in this order, for each is sent when it is
/// asked for its answer first.
async fn in_order<T>(mut futures: Vec<Pin<Box<dyn Future<Output = T> + Send + '_>>>) -> Vec<T> {
    let mut done: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut waiting = false;
        for (future, done) in futures.iter_mut().zip(&mut done) {
            if done.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(answer) => *done = Some(answer),
                    Poll::Pending => waiting = true,
                }
            }
        }
        match waiting {
            true => Poll::Pending,
            false => Poll::Ready(()),
        }
    })
    .await;
    done.into_iter().flatten().collect()
}
