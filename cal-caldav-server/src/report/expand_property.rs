//! `DAV:expand-property` (RFC 3253 section 3.8): properties, and properties of what they name.

use std::future::Future;
use std::pin::Pin;

use cal_dav::property::PropertyName;
use cal_dav::report::{ExpandProperty, ExpandedProperty};
use cal_dav::response::{MultistatusWriter, Propstat, Response};
use cal_dav::{Element, Href, Limits, XmlElement};
use http::StatusCode;

use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::multistatus;
use crate::property::container::Container;
use crate::property::node::Node;
use crate::property::object::ObjectView;
use crate::property::principal::PrincipalView;
use crate::property::value::Value;
use crate::property::{Entity, dead};
use crate::refusal::Refusal;
use crate::status::Status;

pub(crate) async fn expand(exchange: Exchange, target: Target, request: ExpandProperty) -> Reply {
    let href = exchange.href(&target);
    let response = describe(&exchange, href, target, &request.properties).await?;
    let mut out = MultistatusWriter::new();
    out.response(&response);
    Ok(multistatus::whole(out))
}

type Describing<'a> = Pin<Box<dyn Future<Output = Result<Response, Refusal>> + Send + 'a>>;

/// Boxed, because what a property names is described in the same way.
fn describe<'a>(
    exchange: &'a Exchange,
    href: Href,
    target: Target,
    asked: &'a [ExpandedProperty],
) -> Describing<'a> {
    Box::pin(async move {
        match target {
            Target::Missing => Err(Refusal::NotFound),
            Target::Principal => {
                let view = PrincipalView {
                    exchange,
                    principal: &exchange.principal,
                };
                properties(exchange, href, read(&view, asked), asked).await
            }
            Target::Root | Target::Principals | Target::Homes => {
                properties(exchange, href, read(&Container { exchange }, asked), asked).await
            }
            Target::Collection(collection) => {
                let node = Node {
                    exchange,
                    collection: &collection,
                    href: &href,
                };
                let values = read(&node, asked);
                properties(exchange, href.clone(), values, asked).await
            }
            Target::Member { parent, name } => {
                let store = &exchange.site.store;
                let object = store
                    .object(parent.id, &name)
                    .await?
                    .ok_or(Refusal::NotFound)?;
                let kept = store.properties(parent.id, &name).await?;
                let view = ObjectView {
                    exchange,
                    entry: &object.entry,
                    dead: Some(&kept),
                    data: None,
                };
                properties(exchange, href, read(&view, asked), asked).await
            }
        }
    })
}

/// A property as read: its element, and the hrefs in it.
type Read = Option<(Element, Vec<Href>)>;

fn read(entity: &impl Entity, asked: &[ExpandedProperty]) -> Vec<Read> {
    let value = |asked: &ExpandedProperty| -> Read {
        let value: Value<'_> = PropertyName::of(&asked.name)
            .and_then(|property| entity.live(property))
            .or_else(|| dead::value(entity.dead(), &asked.name))?;
        Some((value.element(&asked.name)?, value.hrefs().to_vec()))
    };
    asked.iter().map(value).collect()
}

async fn properties(
    exchange: &Exchange,
    href: Href,
    values: Vec<Read>,
    asked: &[ExpandedProperty],
) -> Result<Response, Refusal> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for (value, asked) in values.into_iter().zip(asked) {
        match value {
            None => missing.push(Element::new(asked.name.clone())),
            Some((element, hrefs)) if hrefs.is_empty() || asked.properties.is_empty() => {
                found.push(element);
            }
            Some((_, hrefs)) => {
                let mut element = Element::new(asked.name.clone());
                for href in hrefs {
                    element = element.with_child(expanded(exchange, href, asked).await?);
                }
                found.push(element);
            }
        }
    }
    let mut propstats = vec![Propstat::new(StatusCode::OK, found)];
    if !missing.is_empty() {
        propstats.push(Propstat::new(StatusCode::NOT_FOUND, missing));
    }
    Ok(Response::properties(href, propstats))
}

/// What an href names, in its place; one that leads nowhere is said to.
async fn expanded(
    exchange: &Exchange,
    href: Href,
    asked: &ExpandedProperty,
) -> Result<Element, Refusal> {
    let response = match follow(exchange, &href, asked).await {
        Ok(response) => response,
        Err(refusal) => Response::status(href, Status::from(&refusal).code),
    };
    Ok(Element::parse(&response.to_bytes(), &Limits::RESPONSE)?)
}

async fn follow(
    exchange: &Exchange,
    href: &Href,
    asked: &ExpandedProperty,
) -> Result<Response, Refusal> {
    let (resource, target) = exchange.locate_href(href).await?;
    let own = match target {
        Target::Member { .. } => exchange.site.base.object(&resource),
        _ => exchange.collection_href(&resource),
    };
    describe(exchange, own, target, &asked.properties).await
}
