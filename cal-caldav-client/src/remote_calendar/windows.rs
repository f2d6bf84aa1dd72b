//! Listing a calendar by spans of time, for servers that do not list it at once.

use std::collections::HashSet;

use cal_dav::header::Depth;
use cal_dav::name::dav;
use cal_dav::report::{
    CalendarQuery, ComponentFilter, ComponentTest, PropertyFilter, PropertyTest, Report, TimeRange,
};
use cal_dav::request::Selection;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::ladder::is_too_much;
use super::{Listing, RemoteCalendar};
use crate::Error;
use crate::operation::{Answer, QueryReport};

/// The most questions that one listing asks.
const MAX_QUESTIONS: usize = 512;
/// Spans shorter than this are not divided.
const SHORTEST: TimeDelta = TimeDelta::hours(1);
/// How far the first division of an open span reaches.
const FIRST_STEP: TimeDelta = TimeDelta::days(4 * 365);

/// A span of time, open where a side is absent.
#[derive(Clone, Copy)]
struct Span {
    start: Option<NaiveDateTime>,
    end: Option<NaiveDateTime>,
    /// How far an open side is moved when the span is divided.
    step: TimeDelta,
}

impl RemoteCalendar {
    /// All objects, found by asking for each kind of component, and dividing
    /// time for as long as the server finds the answer too large.
    pub(super) async fn list_by_windows(&self) -> Result<Listing, Error> {
        let mut seen = HashSet::new();
        let mut listing = Listing::default();
        let mut open: Vec<ComponentFilter> = Vec::new();
        let mut spans: Vec<(&str, Span)> = Vec::new();
        for component in ["VEVENT", "VTODO", "VJOURNAL"] {
            if self.properties.holds(component) {
                spans.push((component, Span::whole()));
                open.push(undated(component));
            }
        }
        let mut questions = 0;
        while let Some((component, span)) = spans.pop() {
            questions += 1;
            if questions > MAX_QUESTIONS {
                return Err(self.too_much());
            }
            match self.versions(span.filter(component)).await {
                Ok(answer) if !answer.truncated => self.add(answer, &mut seen, &mut listing),
                Ok(_) => spans.extend(self.halves(component, span)?),
                Err(error) if is_too_much(&error) => spans.extend(self.halves(component, span)?),
                Err(error) => return Err(error),
            }
        }
        for filter in open {
            let answer = self.versions(filter).await?;
            if answer.truncated {
                return Err(self.too_much());
            }
            self.add(answer, &mut seen, &mut listing);
        }
        Ok(listing)
    }

    fn too_much(&self) -> Error {
        Error::malformed(
            &self.url,
            "the server does not list the calendar in any way",
        )
    }

    fn halves<'c>(&self, component: &'c str, span: Span) -> Result<[(&'c str, Span); 2], Error> {
        let [left, right] = span.halves().ok_or_else(|| self.too_much())?;
        Ok([(component, left), (component, right)])
    }

    async fn versions(&self, filter: ComponentFilter) -> Result<Answer, Error> {
        let question = QueryReport {
            url: self.url.clone(),
            depth: Depth::One,
            report: Report::CalendarQuery(CalendarQuery {
                selection: Selection::of([dav::GETETAG.clone()]),
                filter: filter.in_calendar(),
                zone: None,
            }),
        };
        self.connection.run(&question).await
    }

    fn add(&self, answer: Answer, seen: &mut HashSet<String>, listing: &mut Listing) {
        let found = self.listing(answer);
        listing.problems.extend(found.problems);
        let new = found.objects.into_iter();
        listing
            .objects
            .extend(new.filter(|object| seen.insert(self.key(&object.href))));
    }
}

/// Components that no span of time finds, because they have no start.
fn undated(component: &str) -> ComponentFilter {
    ComponentFilter {
        name: component.to_owned(),
        test: ComponentTest::Defined {
            time_range: None,
            properties: vec![PropertyFilter {
                name: "DTSTART".to_owned(),
                test: PropertyTest::IsNotDefined,
            }],
            components: Vec::new(),
        },
    }
}

impl Span {
    fn whole() -> Self {
        Self {
            start: None,
            end: None,
            step: FIRST_STEP,
        }
    }

    fn filter(self, component: &str) -> ComponentFilter {
        let range = match (self.start, self.end) {
            (None, None) => None,
            (Some(start), None) => Some(TimeRange::from(start)),
            (None, Some(end)) => Some(TimeRange::until(end)),
            (Some(start), Some(end)) => TimeRange::new(start, end),
        };
        range.map_or_else(
            || ComponentFilter::exists(component),
            |range| ComponentFilter::overlaps(component, range),
        )
    }

    /// Two spans that make up this one; `None` where it is too short.
    fn halves(self) -> Option<[Self; 2]> {
        let step = self.step.checked_mul(2)?;
        let middle = match (self.start, self.end) {
            (None, None) => NaiveDate::from_ymd_opt(2024, 1, 1)?.and_hms_opt(0, 0, 0)?,
            (Some(start), None) => start.checked_add_signed(self.step)?,
            (None, Some(end)) => end.checked_sub_signed(self.step)?,
            (Some(start), Some(end)) => {
                let half = (end - start) / 2;
                if half < SHORTEST {
                    return None;
                }
                start.checked_add_signed(TimeDelta::seconds(half.num_seconds()))?
            }
        };
        let left = Self {
            end: Some(middle),
            step,
            ..self
        };
        let right = Self {
            start: Some(middle),
            step,
            ..self
        };
        Some([left, right])
    }
}
