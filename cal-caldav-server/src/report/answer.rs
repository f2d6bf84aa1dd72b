//! What a report answers for each object it names.

use std::borrow::Cow;

use cal_core::ZoneRules;
use cal_dav::Href;
use cal_dav::report::CalendarData;
use cal_dav::request::Selection;
use cal_dav::response::{MultistatusWriter, Precondition};
use cal_store::{CollectionId, Entry, Object};

use http::StatusCode;

use crate::calendar_data::{self, Budget, NotExpanded};
use crate::exchange::Exchange;
use crate::property;
use crate::property::object::{self, ObjectView};
use crate::property::wanted::{self, Wanted};
use crate::refusal::Refusal;
use cal_dav::header::Prefer;

/// What a report asks of objects.
pub(crate) struct Question {
    pub(crate) wanted: Wanted,
    pub(crate) data: Option<CalendarData>,
    pub(crate) prefer: Prefer,
    /// What is left of the work that the request may ask for.
    budget: Budget,
}

impl Question {
    /// What a selection asks; calendar data of a kind that is not served is refused.
    pub(crate) fn new(exchange: &Exchange, selection: &Selection) -> Result<Self, Refusal> {
        let data = wanted::calendar_data(selection);
        if data.as_ref().is_some_and(|data| !data.is_icalendar()) {
            return Err(Precondition::SupportedCalendarData.into());
        }
        Ok(Self {
            wanted: Wanted::new(selection),
            data,
            prefer: exchange.prefer(),
            budget: Budget::new(exchange.site.limits.occurrences),
        })
    }
}

/// Where an object is, and in which zone its floating times are taken.
pub(crate) struct At<'a> {
    pub(crate) collection: CollectionId,
    pub(crate) href: &'a Href,
    pub(crate) zone: &'a ZoneRules,
}

/// Answers for an object whose bytes are at hand. One that has more occurrences than the request
/// may ask for is answered with 507, and the others all the same.
pub(crate) async fn object(
    out: &mut MultistatusWriter,
    exchange: &Exchange,
    question: &mut Question,
    at: At<'_>,
    found: &Object,
) -> Result<(), Refusal> {
    let data = match &question.data {
        None => None,
        Some(asked) => match calendar_data::render(asked, found, at.zone, &mut question.budget) {
            Ok(text) => Some(text),
            Err(NotExpanded) => {
                let condition = [Precondition::NumberOfMatchesWithinLimits];
                out.failure(at.href, StatusCode::INSUFFICIENT_STORAGE, &condition);
                return Ok(());
            }
        },
    };
    view(out, exchange, question, &at, (&found.entry, data)).await
}

/// Answers for an object of which only the entry is known, and asked for.
pub(crate) async fn entry(
    out: &mut MultistatusWriter,
    exchange: &Exchange,
    question: &Question,
    at: At<'_>,
    entry: &Entry,
) -> Result<(), Refusal> {
    view(out, exchange, question, &at, (entry, None)).await
}

async fn view(
    out: &mut MultistatusWriter,
    exchange: &Exchange,
    question: &Question,
    at: &At<'_>,
    (entry, data): (&Entry, Option<Cow<'_, str>>),
) -> Result<(), Refusal> {
    let dead = match question.wanted.needs_more_than(object::NAMES) {
        true => Some(
            exchange
                .site
                .store
                .properties(at.collection, &entry.name)
                .await?,
        ),
        false => None,
    };
    let view = ObjectView {
        exchange,
        entry,
        dead: dead.as_ref(),
        data,
    };
    property::write(out, at.href, &view, &question.wanted, question.prefer);
    Ok(())
}
