//! Which objects a filter could let through, as far as the store's index can tell.

use cal_dav::report::{ComponentFilter, ComponentTest, PropertyTest, TimeRange};
use cal_store::{CollectionId, ComponentKind, Span, SpanQuery, Timestamp};
use chrono::TimeDelta;

/// The tables for to-dos take in what ends just where a range begins.
const EDGE: TimeDelta = TimeDelta::seconds(1);

/// A superset of what a filter lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidates {
    window: Span,
    component: Option<ComponentKind>,
}

impl Candidates {
    /// What a filter on VCALENDAR could let through.
    pub(crate) fn of(filter: &ComponentFilter) -> Self {
        let mut candidates = Self {
            window: Span::ALWAYS,
            component: None,
        };
        let ComponentTest::Defined {
            time_range,
            components,
            ..
        } = &filter.test
        else {
            return candidates;
        };
        candidates.narrow(*time_range);
        for inner in components {
            let ComponentTest::Defined { time_range, .. } = &inner.test else {
                continue;
            };
            // A time zone is in objects of every kind.
            if let Ok(kind) = inner.name.parse() {
                candidates.component = Some(kind);
                candidates.narrow(*time_range);
            }
        }
        candidates
    }

    /// The one kind of object that a filter asks for, where it asks for nothing else: clients
    /// list a calendar so.
    pub(crate) fn only_kind(filter: &ComponentFilter) -> Option<ComponentKind> {
        let ComponentTest::Defined {
            time_range: None,
            properties,
            components,
        } = &filter.test
        else {
            return None;
        };
        let [inner] = components.as_slice() else {
            return None;
        };
        let any = ComponentFilter::exists(&inner.name);
        (properties.is_empty() && *inner == any)
            .then(|| inner.name.parse().ok())
            .flatten()
    }

    /// The question for the candidates in a calendar.
    pub(crate) fn query(self, calendar: CollectionId) -> SpanQuery {
        let query = SpanQuery::new(calendar, self.window);
        match self.component {
            Some(component) => query.with_component(component),
            None => query,
        }
    }

    fn narrow(&mut self, range: Option<TimeRange>) {
        let Some(range) = range else { return };
        let start = range.start().and_then(|at| at.checked_sub_signed(EDGE));
        let end = range.end().and_then(|at| at.checked_add_signed(EDGE));
        self.window = Span {
            start: start.map(Timestamp::from),
            end: end.map(Timestamp::from),
        };
    }
}

/// How many conditions a filter is made of.
pub(crate) fn count(filter: &ComponentFilter) -> usize {
    let ComponentTest::Defined {
        properties,
        components,
        ..
    } = &filter.test
    else {
        return 1;
    };
    let parameters = |test: &PropertyTest| match test {
        PropertyTest::Defined { parameters, .. } => parameters.len(),
        PropertyTest::IsNotDefined => 0,
    };
    let properties: usize = properties
        .iter()
        .map(|filter| 1 + parameters(&filter.test))
        .sum();
    1 + properties + components.iter().map(count).sum::<usize>()
}
