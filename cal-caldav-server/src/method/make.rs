//! `MKCALENDAR` (RFC 4791 section 5.3.1) and `MKCOL`, plain and extended (RFC 5689): one way to
//! make a collection, under two names.

use cal_dav::Element;
use cal_dav::XmlElement;
use cal_dav::name::{caldav, dav};
use cal_dav::property::PropertyName;
use cal_dav::request::{Instruction, Mkcalendar, Mkcol};
use cal_dav::response::{MkcalendarResponse, MkcolResponse, Precondition, Propstat};
use cal_store::{
    Collection, CollectionKind, CollectionName, ComponentKind, Components, Details, NewCollection,
    ObjectName, Properties,
};
use http::{HeaderValue, Response, StatusCode, header};

use crate::body::Body;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::incoming::Incoming;
use crate::property::update::{self, Fault, Outcome};
use crate::refusal::Refusal;
use crate::{allow, attachment, status};

pub(crate) async fn mkcalendar(exchange: Exchange, target: Target, body: &mut Incoming) -> Reply {
    let bytes = exchange.read_xml_bytes(body).await?;
    let place = place(&exchange, target, Occupied::Condition).await?;
    let request = Mkcalendar::from_body(&bytes, &exchange.site.xml_limits())?;
    let wish = Wish::new(Kind::Calendar, &request.properties);
    let refuse = |propstats| {
        let body = MkcalendarResponse { propstats }.to_bytes();
        (StatusCode::MULTI_STATUS, body)
    };
    make(&exchange, place, wish, refuse).await
}

pub(crate) async fn mkcol(exchange: Exchange, target: Target, body: &mut Incoming) -> Reply {
    let bytes = exchange.read_xml_bytes(body).await?;
    let place = place(&exchange, target, Occupied::Method).await?;
    let request = Mkcol::from_body(&bytes, &exchange.site.xml_limits()).map_err(not_mkcol)?;
    let kind = kind(&request)?;
    let wish = Wish::new(kind, &request.properties);
    let refuse = |propstats| {
        (
            StatusCode::FORBIDDEN,
            MkcolResponse { propstats }.to_bytes(),
        )
    };
    make(&exchange, place, wish, refuse).await
}

/// RFC 4918 section 9.3: a body of another kind is 415.
fn not_mkcol(error: cal_dav::Error) -> Refusal {
    match error {
        cal_dav::Error::Root { .. } | cal_dav::Error::Malformed { .. } => {
            Refusal::MediaType("it is no DAV:mkcol".to_owned())
        }
        other => other.into(),
    }
}

/// What to say when there is something already.
#[derive(Clone, Copy)]
enum Occupied {
    /// `MKCALENDAR`: 403 with `DAV:resource-must-be-null`.
    Condition,
    /// `MKCOL`: 405.
    Method,
}

/// A free name in a collection that takes collections.
struct Place {
    parent: Box<Collection>,
    name: ObjectName,
}

async fn place(exchange: &Exchange, target: Target, occupied: Occupied) -> Result<Place, Refusal> {
    let taken = || match occupied {
        Occupied::Condition => Refusal::Condition(Precondition::ResourceMustBeNull),
        Occupied::Method => Refusal::MethodNotAllowed {
            allowed: match &target {
                Target::Member { parent, .. } => allow::of_object(parent.kind),
                other => allow::allowed(other),
            },
        },
    };
    let Target::Member { parent, name } = &target else {
        return Err(match target {
            Target::Missing => Refusal::Conflict,
            _ => taken(),
        });
    };
    if exchange.site.store.object(parent.id, name).await?.is_some() {
        return Err(taken());
    }
    if !parent.kind.holds_collections() {
        return Err(Precondition::CalendarCollectionLocationOk.into());
    }
    attachment::check_name(parent, name.as_str())?;
    match target {
        Target::Member { parent, name } => Ok(Place { parent, name }),
        _ => Err(Refusal::Conflict),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Calendar,
    Plain,
}

/// The kind that an extended MKCOL asks for (RFC 5689 section 3).
fn kind(request: &Mkcol) -> Result<Kind, Refusal> {
    let asked = request.resource_type()?;
    let known =
        |name: &&cal_dav::name::Name| **name != dav::COLLECTION && **name != caldav::CALENDAR;
    if !asked.is_collection() || asked.types().iter().any(|name| known(&name)) {
        return Err(Precondition::ValidResourceType.into());
    }
    Ok(if asked.is_calendar() {
        Kind::Calendar
    } else {
        Kind::Plain
    })
}

/// What a client wants to be made.
struct Wish {
    kind: CollectionKind,
    details: Details,
    properties: Properties,
    outcome: Outcome,
}

impl Wish {
    fn new(kind: Kind, asked: &[Element]) -> Self {
        let mut wish = Self {
            kind: match kind {
                Kind::Calendar => CollectionKind::Calendar(Components::USUAL),
                Kind::Plain => CollectionKind::Plain,
            },
            details: Details::default(),
            properties: Properties::default(),
            outcome: Outcome::default(),
        };
        let mut later = Vec::new();
        for property in asked {
            match PropertyName::of(property.name()) {
                Some(PropertyName::ResourceType) => wish.outcome.push(property.name(), Ok(())),
                Some(PropertyName::SupportedCalendarComponentSet) => {
                    wish.limit_components(property);
                }
                _ => later.push(Instruction::Set(property.clone())),
            }
        }
        let (changes, outcome) = update::of_collection(&later);
        changes.apply(&mut wish.details);
        changes.properties.apply(&mut wish.properties);
        wish.outcome.extend(outcome);
        wish
    }

    /// A set that names a component which is no object of its own here is refused: a client
    /// would find out only when it stores one. Time zones go with every object.
    fn limit_components(&mut self, property: &Element) {
        let named = property
            .children_named(&caldav::COMP)
            .map(|comp| comp.attribute("name").unwrap_or_default())
            .filter(|name| !name.eq_ignore_ascii_case("VTIMEZONE"));
        let named: Result<Components, _> = named.map(str::parse::<ComponentKind>).collect();
        let result = match self.kind {
            CollectionKind::Calendar(_) => match named {
                Ok(named) if !named.is_empty() => {
                    self.kind = CollectionKind::Calendar(named);
                    Ok(())
                }
                _ => Err(Fault::condition(Precondition::SupportedCalendarComponent)),
            },
            _ => Err(Fault::protected()),
        };
        self.outcome.push(property.name(), result);
    }
}

async fn make(
    exchange: &Exchange,
    place: Place,
    wish: Wish,
    refuse: impl FnOnce(Vec<Propstat>) -> (StatusCode, Vec<u8>),
) -> Reply {
    if !wish.outcome.is_ok() {
        let (code, body) = refuse(wish.outcome.into_propstats());
        let mut response = status::xml(body);
        *response.status_mut() = code;
        return Ok(response);
    }
    let name = CollectionName::from(&place.name);
    let new = NewCollection::of_kind(place.parent.id, name, wish.kind)
        .with_details(wish.details)
        .with_properties(wish.properties);
    exchange
        .site
        .store
        .create_collection(new, &exchange.cause())
        .await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::CREATED;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}
