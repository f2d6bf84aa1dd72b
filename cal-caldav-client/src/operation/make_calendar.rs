//! Making a calendar.

use cal_dav::name::dav;
use cal_dav::property::ResourceType;
use cal_dav::request::{Mkcalendar, Mkcol};
use cal_dav::response::{MkcalendarResponse, MkcolResponse};
use cal_dav::{Element, Limits, XmlElement};
use url::Url;

use super::propfind::method;
use super::{Answer, Operation, RefusedProperty};
use crate::{Error, Reply, Request};

/// MKCALENDAR (RFC 4791 section 5.3.1) or extended MKCOL (RFC 5689).
#[derive(Clone, Debug)]
pub struct MakeCalendar {
    /// Where the calendar is to be.
    pub url: Url,
    /// The properties it starts with.
    pub properties: Vec<Element>,
    /// Which of the two methods.
    pub method: MakeMethod,
}

/// The methods that make a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MakeMethod {
    /// MKCALENDAR.
    Mkcalendar,
    /// MKCOL with a body that says it is a calendar.
    ExtendedMkcol,
}

impl Operation for MakeCalendar {
    /// The properties that were refused: if there are any, there is no
    /// calendar. None where it is made.
    type Output = Vec<RefusedProperty>;

    fn request(&self) -> Request {
        let properties = self.properties.clone();
        match self.method {
            MakeMethod::Mkcalendar => Request::new(method("MKCALENDAR"), self.url.clone())
                .with_xml(&Mkcalendar { properties }),
            MakeMethod::ExtendedMkcol => {
                let mut all = vec![resource_type()];
                all.extend(properties);
                Request::new(method("MKCOL"), self.url.clone()).with_xml(&Mkcol { properties: all })
            }
        }
    }

    /// Any status may come with a body that speaks of properties, and 207 is
    /// no success if it says that some were refused.
    fn read(&self, reply: Reply) -> Result<Vec<RefusedProperty>, Error> {
        let refused = refused_in(&reply);
        if reply.status.is_success() || !refused.is_empty() {
            return Ok(refused);
        }
        Err(reply.into_error())
    }
}

fn resource_type() -> Element {
    ResourceType::calendar()
        .types()
        .iter()
        .fold(Element::new(dav::RESOURCETYPE.clone()), |kind, name| {
            kind.with_child(Element::new(name.clone()))
        })
}

fn refused_in(reply: &Reply) -> Vec<RefusedProperty> {
    let limits = Limits::REQUEST;
    if let Ok(body) = MkcalendarResponse::parse(&reply.body, &limits) {
        return RefusedProperty::among(&body.propstats);
    }
    if let Ok(body) = MkcolResponse::parse(&reply.body, &limits) {
        return RefusedProperty::among(&body.propstats);
    }
    let multistatus = (reply.status == http::StatusCode::MULTI_STATUS)
        .then(|| Answer::read(reply).ok())
        .flatten()
        .unwrap_or_default();
    let propstats = multistatus
        .members
        .iter()
        .flat_map(|member| member.response.propstats());
    RefusedProperty::among(propstats)
}
