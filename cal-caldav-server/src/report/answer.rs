//! What a report answers for each object it names.

use std::borrow::Cow;
use std::sync::Arc;

use cal_core::ZoneRules;
use cal_dav::Href;
use cal_dav::report::CalendarData;
use cal_dav::request::Selection;
use cal_dav::response::{MultistatusWriter, Precondition};
use cal_store::{CollectionId, Entry, Object, ObjectName};

use http::StatusCode;

use crate::calendar_data::{self, Budget, NotExpanded};
use crate::definitions::Definitions;
use crate::exchange::Exchange;
use crate::property;
use crate::property::object::{self, ObjectView};
use crate::property::wanted::{self, Wanted};
use crate::refusal::Refusal;
use crate::workers::Cancelled;
use cal_dav::header::Prefer;

/// What a report asks of objects.
pub(crate) struct Question {
    pub(crate) wanted: Wanted,
    pub(crate) data: Option<Arc<CalendarData>>,
    pub(crate) prefer: Prefer,
    /// Which time zones calendar data defines.
    definitions: Definitions,
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
            data: data.map(Arc::new),
            prefer: exchange.prefer(),
            definitions: Definitions::wanted(exchange)?,
            budget: Budget::new(exchange.site.limits.occurrences),
        })
    }
}

/// Where an object is.
pub(crate) struct At<'a> {
    pub(crate) collection: CollectionId,
    pub(crate) href: &'a Href,
}

/// An object with what was asked of its data.
pub(crate) struct Rendered {
    object: Object,
    data: Data,
}

impl Rendered {
    /// The name of the object in its collection.
    pub(crate) fn name(&self) -> &ObjectName {
        &self.object.entry.name
    }
}

/// What was asked of the data of an object.
enum Data {
    /// Nothing.
    Unasked,
    /// All of it, as it is stored.
    Stored,
    /// Made of it.
    Made(String),
    /// More than the request may ask for.
    TooMuch,
}

impl Question {
    /// Works out what is asked of objects, as far as they pass; the others are as good as
    /// missing. What is more than a copy is done where it keeps nobody waiting.
    pub(crate) async fn render(
        &mut self,
        exchange: &Exchange,
        objects: Vec<Option<Object>>,
        zone: &ZoneRules,
        passes: Option<Passes>,
    ) -> Result<Vec<Option<Rendered>>, Refusal> {
        let is_stored =
            |data: &Arc<CalendarData>| data.is_whole() && self.definitions == Definitions::Stored;
        let mut rendering = Rendering {
            data: self.data.clone(),
            definitions: self.definitions,
            zone: zone.clone(),
            budget: self.budget,
        };
        if passes.is_none() && self.data.as_ref().is_none_or(is_stored) {
            let rendered = objects.into_iter();
            let rendered = rendered.map(|object| Some(rendering.render(object?)));
            return Ok(rendered.collect());
        }
        let work = move |cancelled: &Cancelled| {
            let mut each = |object: Option<Object>| {
                let found = object.filter(|object| {
                    !cancelled.is_set() && passes.as_ref().is_none_or(|passes| passes(object))
                })?;
                Some(rendering.render(found))
            };
            let rendered: Vec<_> = objects.into_iter().map(&mut each).collect();
            (rendered, rendering.budget)
        };
        let (rendered, budget) = exchange.site.workers.run(work).await?;
        self.budget = budget;
        Ok(rendered)
    }
}

/// Whether an object is one of those that are asked for.
pub(crate) type Passes = Box<dyn Fn(&Object) -> bool + Send>;

/// What it takes to work out the data of objects.
struct Rendering {
    data: Option<Arc<CalendarData>>,
    definitions: Definitions,
    zone: ZoneRules,
    budget: Budget,
}

impl Rendering {
    fn render(&mut self, object: Object) -> Rendered {
        let data = match &self.data {
            None => Data::Unasked,
            Some(asked) => {
                let asked = (&**asked, self.definitions);
                match calendar_data::render(asked, &object, &self.zone, &mut self.budget) {
                    Ok(None) => Data::Stored,
                    Ok(Some(made)) => Data::Made(made),
                    Err(NotExpanded) => Data::TooMuch,
                }
            }
        };
        Rendered { object, data }
    }
}

/// Answers for an object whose data is worked out. One of which more is asked than the request
/// may have is answered with 507, and the others all the same.
pub(crate) async fn object(
    out: &mut MultistatusWriter,
    exchange: &Exchange,
    question: &Question,
    at: At<'_>,
    found: &Rendered,
) -> Result<(), Refusal> {
    let Rendered { object, data } = found;
    let data = match data {
        Data::Unasked => None,
        Data::Stored => Some(String::from_utf8_lossy(&object.body)),
        Data::Made(made) => Some(Cow::Borrowed(made.as_str())),
        Data::TooMuch => {
            let condition = [Precondition::NumberOfMatchesWithinLimits];
            out.failure(at.href, StatusCode::INSUFFICIENT_STORAGE, &condition);
            return Ok(());
        }
    };
    view(out, exchange, question, &at, (&object.entry, data)).await
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
    if question.wanted.needs_locks() {
        exchange.locks().await?;
    }
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
