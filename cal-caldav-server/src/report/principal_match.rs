//! `DAV:principal-match` (RFC 3744 section 9.3): the principals that one is, or the members of a
//! collection, at any depth, of which a property names one.

use async_trait::async_trait;
use cal_dav::Href;
use cal_dav::header::Prefer;
use cal_dav::property::PropertyName;
use cal_dav::report::{PrincipalMatch, PrincipalTarget};
use cal_dav::response::{MultistatusWriter, Precondition};
use cal_store::{Collection, Cursor, PageRequest};

use super::{calendars, principals};
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::multistatus::{self, Listing, Progress};
use crate::property::node::Node;
use crate::property::object::{self, ObjectView};
use crate::property::wanted::Wanted;
use crate::property::{self, Entity};
use crate::refusal::Refusal;

/// Objects that are read at a time.
const PAGE: usize = 500;

pub(crate) async fn matching(exchange: Exchange, target: Target, request: PrincipalMatch) -> Reply {
    let collection = match target {
        Target::Missing => return Err(Refusal::NotFound),
        Target::Member { .. } => return Err(Precondition::SupportedReport.into()),
        Target::Collection(collection) => *collection,
        Target::Root | Target::Principals | Target::Principal | Target::Homes => {
            return principals::matching(&exchange, &request);
        }
    };
    principals::check_depth(&exchange)?;
    let property = match &request.target {
        // Nothing below a home is a principal.
        PrincipalTarget::Itself => None,
        PrincipalTarget::Property(name) => PropertyName::of(name),
    };
    let Some(property) = property else {
        return Ok(multistatus::whole(MultistatusWriter::new()));
    };
    let href = exchange.collection_href(&exchange.resource);
    multistatus::respond(Members {
        property,
        wanted: Wanted::new(&request.selection),
        prefer: exchange.prefer(),
        exchange,
        left: vec![(href, collection)],
        at: None,
    })
    .await
}

/// The members of collections, one collection after the other.
struct Members {
    exchange: Exchange,
    property: PropertyName,
    wanted: Wanted,
    prefer: Prefer,
    left: Vec<(Href, Collection)>,
    /// The collection whose objects are next, from a place on.
    at: Option<(Href, Collection, Option<Cursor>)>,
}

#[async_trait]
impl Listing for Members {
    async fn write(&mut self, out: &mut MultistatusWriter) -> Result<Progress, Refusal> {
        if let Some((href, collection, cursor)) = self.at.take() {
            let next = self.objects(out, &href, &collection, cursor).await?;
            self.at = next.map(|next| (href, collection, Some(next)));
            return Ok(Progress::More);
        }
        let Some((href, collection)) = self.left.pop() else {
            return Ok(Progress::Done(None));
        };
        if collection.kind.holds_collections() {
            let children = calendars::children(&self.exchange, &href, &collection).await?;
            for (href, collection) in &children {
                let node = Node {
                    exchange: &self.exchange,
                    collection,
                    href,
                };
                self.answer(out, href, &node);
            }
            self.left.extend(children);
        }
        self.at = Some((href, collection, None));
        Ok(Progress::More)
    }
}

impl Members {
    async fn objects(
        &self,
        out: &mut MultistatusWriter,
        parent: &Href,
        collection: &Collection,
        cursor: Option<Cursor>,
    ) -> Result<Option<Cursor>, Refusal> {
        let request = match cursor {
            Some(cursor) => PageRequest::after(cursor, PAGE),
            None => PageRequest::first(PAGE),
        };
        let store = &self.exchange.site.store;
        let page = store.entries(collection.id, request).await?;
        for entry in &page.items {
            let dead = match self.wanted.needs_more_than(object::NAMES) {
                true => Some(store.properties(collection.id, &entry.name).await?),
                false => None,
            };
            let view = ObjectView {
                exchange: &self.exchange,
                entry,
                dead: dead.as_ref(),
                data: None,
            };
            self.answer(out, &parent.member(entry.name.as_str()), &view);
        }
        Ok(page.next)
    }

    /// Answers for a resource of which the property names the principal.
    fn answer(&self, out: &mut MultistatusWriter, href: &Href, entity: &impl Entity) {
        let own = self.exchange.principal_href();
        let named = entity.live(self.property);
        if named.is_some_and(|value| value.hrefs().contains(&own)) {
            property::write(out, href, entity, &self.wanted, self.prefer);
        }
    }
}
