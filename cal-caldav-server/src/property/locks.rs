//! `DAV:lockdiscovery` and `DAV:supportedlock` (RFC 4918 sections 15.8 and 15.10), which depend
//! on where a resource is and not on what it is.

use cal_dav::property::{LockDiscovery, PropertyName, SupportedLock};
use cal_dav::request::LockScope;
use cal_dav::{Href, XmlElement};
use cal_store::Properties;

use super::Entity;
use super::value::Value;
use crate::exchange::Exchange;

/// A resource at an href.
pub(super) struct Located<'a, E> {
    pub(super) entity: &'a E,
    pub(super) href: &'a Href,
}

impl<E: Entity> Entity for Located<'_, E> {
    fn live(&self, property: PropertyName) -> Option<Value<'_>> {
        match property {
            PropertyName::LockDiscovery => self
                .entity
                .lockable()
                .map(|exchange| discovery(exchange, self.href)),
            PropertyName::SupportedLock => self.entity.lockable().map(|_| supported()),
            other => self.entity.live(other),
        }
    }

    fn live_names(&self) -> &'static [PropertyName] {
        self.entity.live_names()
    }

    fn dead(&self) -> Option<&Properties> {
        self.entity.dead()
    }
}

fn discovery<'a>(exchange: &Exchange, href: &Href) -> Value<'a> {
    let base = &exchange.site.base;
    let resource = base.resolve(href).ok().flatten();
    let known = exchange.known_locks().zip(resource);
    let discovery = known.map(|(locks, resource)| locks.discovery(base, &resource));
    element(&discovery.unwrap_or_else(|| LockDiscovery { locks: Vec::new() }))
}

fn supported<'a>() -> Value<'a> {
    element(&SupportedLock {
        scopes: vec![LockScope::Exclusive, LockScope::Shared],
    })
}

fn element<'a>(property: &impl XmlElement) -> Value<'a> {
    let element = cal_dav::Element::parse(&property.to_bytes(), &cal_dav::Limits::RESPONSE);
    element.map_or(Value::Empty, |element| Value::Kept(Box::new(element)))
}
