//! Reading objects.

use std::collections::HashMap;

use bytes::Bytes;
use cal_dav::header::Depth;
use cal_dav::name::{caldav, dav};
use cal_dav::report::{CalendarMultiget, CalendarQuery, ComponentFilter, Report, TimeRange};
use cal_dav::request::{Requested, Selection};
use cal_dav::response::Response;
use cal_dav::{Element, Href};

use super::RemoteCalendar;
use super::listing::{etag, problem};
use crate::operation::{Answer, Get, QueryReport};
use crate::{Error, RemoteObject};

/// What came of asking for objects.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// The objects.
    pub objects: Vec<RemoteObject>,
    /// Those asked for that are not there.
    pub missing: Vec<Href>,
    /// Those that could not be had, each with the reason.
    pub failed: Vec<Failure>,
}

/// An object that could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The object; `None` for an answer that does not say which.
    pub href: Option<Href>,
    /// The reason.
    pub reason: String,
}

impl RemoteCalendar {
    /// The object at an href.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], or what kept the server from being asked.
    pub async fn get(&self, href: &Href) -> Result<RemoteObject, Error> {
        let url = self.resolve(href)?;
        let body = self.connection.run(&Get { url }).await?;
        Ok(RemoteObject::new(self.clone(), href.clone(), body))
    }

    /// The objects at some hrefs, in batches
    /// ([`Options::batch`](crate::Options::batch)).
    ///
    /// One object that is missing or broken does not keep the others away.
    ///
    /// # Errors
    ///
    /// [`Error::Authentication`], or what kept the server from being asked.
    pub async fn fetch(&self, hrefs: &[Href]) -> Result<Fetched, Error> {
        let mut fetched = Fetched::default();
        for batch in hrefs.chunks(self.connection.options.batch()) {
            let unanswered = match self.multiget(batch).await {
                Ok(answer) => self.sort(batch, answer, &mut fetched),
                Err(error) if ends_everything(&error) => return Err(error),
                Err(error) => {
                    tracing::debug!(%error, "multiget does not work, objects are read one by one");
                    batch.to_vec()
                }
            };
            for href in unanswered {
                self.fetch_alone(href, &mut fetched).await?;
            }
        }
        Ok(fetched)
    }

    /// The objects with a component of this name, for example `VEVENT`, that
    /// has an instance in a span of time, recurrences considered.
    ///
    /// # Errors
    ///
    /// What kept the server from being asked.
    pub async fn between(&self, component: &str, range: TimeRange) -> Result<Fetched, Error> {
        self.query(ComponentFilter::overlaps(component, range).in_calendar())
            .await
    }

    /// The objects that meet a condition on `VCALENDAR`.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] where the server cuts the answer short, or what
    /// kept it from being asked.
    pub async fn query(&self, filter: ComponentFilter) -> Result<Fetched, Error> {
        let question = QueryReport {
            url: self.url.clone(),
            depth: Depth::One,
            report: Report::CalendarQuery(CalendarQuery {
                selection: data_and_version(),
                filter,
                zone: None,
            }),
        };
        let answer = self.connection.run(&question).await?;
        if answer.truncated {
            return Err(Error::malformed(&self.url, "the answer was cut short"));
        }
        let mut fetched = Fetched::default();
        let without_data = self.sort(&[], answer, &mut fetched);
        let rest = self.fetch(&without_data).await?;
        fetched.objects.extend(rest.objects);
        fetched.missing.extend(rest.missing);
        fetched.failed.extend(rest.failed);
        Ok(fetched)
    }

    async fn multiget(&self, hrefs: &[Href]) -> Result<Answer, Error> {
        let question = QueryReport {
            url: self.url.clone(),
            depth: Depth::One,
            report: Report::CalendarMultiget(CalendarMultiget {
                selection: data_and_version(),
                hrefs: hrefs.to_vec(),
            }),
        };
        self.connection.run(&question).await
    }

    /// Sorts the responses of an answer; returns the hrefs that nothing, or
    /// nothing of use, was said of.
    fn sort(&self, asked: &[Href], answer: Answer, fetched: &mut Fetched) -> Vec<Href> {
        let mut open: HashMap<String, Href> = asked
            .iter()
            .map(|href| (self.key(href), href.clone()))
            .collect();
        let mut without_data = Vec::new();
        for member in answer.members {
            let response = member.response;
            let key = self.key(&response.href);
            let Some(href) = (if asked.is_empty() {
                Some(response.href.clone())
            } else {
                // What was not asked for, or was answered before, is passed over.
                open.remove(&key)
            }) else {
                continue;
            };
            match (response.failure(), data(&response)) {
                (Some(status), _) if matches!(status.as_u16(), 404 | 410) => {
                    fetched.missing.push(href);
                }
                (Some(status), _) => fetched.failed.push(Failure {
                    reason: problem(&href, status.as_str()).to_string(),
                    href: Some(href),
                }),
                (None, Some(bytes)) => {
                    let etag = etag(&response);
                    let object = RemoteObject::from_parts(self.clone(), href, etag, bytes);
                    fetched.objects.push(object);
                }
                (None, None) => without_data.push(href),
            }
        }
        let broken = answer.problems.iter().map(|error| Failure {
            href: None,
            reason: error.to_string(),
        });
        fetched.failed.extend(broken);
        without_data.extend(
            asked
                .iter()
                .filter(|href| open.contains_key(&self.key(href)))
                .cloned(),
        );
        without_data
    }

    async fn fetch_alone(&self, href: Href, fetched: &mut Fetched) -> Result<(), Error> {
        match self.get(&href).await {
            Ok(object) => fetched.objects.push(object),
            Err(Error::NotFound { .. }) => fetched.missing.push(href),
            Err(error) if ends_everything(&error) => return Err(error),
            Err(error) => fetched.failed.push(Failure {
                href: Some(href),
                reason: error.to_string(),
            }),
        }
        Ok(())
    }
}

/// Errors after which asking for further objects is of no use.
fn ends_everything(error: &Error) -> bool {
    matches!(
        error,
        Error::Authentication { .. }
            | Error::CredentialsWithheld { .. }
            | Error::AddressRefused { .. }
            | Error::Timeout { .. }
            | Error::Transport { .. }
    )
}

fn data_and_version() -> Selection {
    Selection::Listed(vec![
        Requested::Property(dav::GETETAG.clone()),
        Requested::CalendarData(Box::default()),
    ])
}

fn data(response: &Response) -> Option<Bytes> {
    let text = response
        .property(&caldav::CALENDAR_DATA)
        .map(Element::text)?;
    (!text.trim().is_empty()).then(|| with_line_ends(&text))
}

/// XML turns each line break into a line feed unless the server writes it as a
/// reference; iCalendar has two characters there (RFC 5545 section 3.1).
fn with_line_ends(text: &str) -> Bytes {
    let text = text.trim_start();
    if text.contains('\r') {
        return Bytes::copy_from_slice(text.as_bytes());
    }
    Bytes::from(text.replace('\n', "\r\n"))
}
