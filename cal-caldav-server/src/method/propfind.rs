//! `PROPFIND` (RFC 4918 section 9.1).

use async_trait::async_trait;
use cal_dav::Href;
use cal_dav::request::Propfind;
use cal_dav::response::{MultistatusWriter, Precondition};
use cal_store::{Collection, Cursor, Entry, ObjectName, PageRequest, Properties};

use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::incoming::Incoming;
use crate::multistatus::{self, Listing, Progress};
use crate::property::container::Container;
use crate::property::node::Node;
use crate::property::object::{self, ObjectView};
use crate::property::principal::PrincipalView;
use crate::property::wanted::Wanted;
use crate::property::{self, Entity};
use crate::refusal::Refusal;
use crate::resource::Resource;
use cal_dav::header::Depth;
use cal_dav::header::Prefer;

/// Members that are read at a time.
const PAGE: usize = 500;

pub(crate) async fn propfind(exchange: Exchange, target: Target, body: &mut Incoming) -> Reply {
    let bytes = exchange.read_xml_bytes(body).await?;
    let request = Propfind::from_body(&bytes, &exchange.site.xml_limits())?;
    let wanted = Wanted::new(&request.selection);
    let depth = depth(&exchange, &target)?;
    if wanted.needs_locks() {
        exchange.locks().await?;
    }
    let prefer = exchange.prefer();
    let listing = Levels {
        exchange: &exchange,
        wanted: &wanted,
        prefer,
    };
    match target {
        Target::Missing => Err(Refusal::NotFound),
        Target::Member { parent, name } => listing.object(&parent, &name).await,
        Target::Collection(collection) if depth == Depth::One => {
            let href = exchange.collection_href(&exchange.resource);
            let stage = if prefer.without_root {
                Stage::Collections(None)
            } else {
                Stage::Itself
            };
            multistatus::respond(Members {
                exchange,
                collection,
                href,
                wanted,
                prefer,
                stage,
            })
            .await
        }
        Target::Collection(collection) => {
            let href = exchange.collection_href(&exchange.resource);
            let node = Node {
                exchange: &exchange,
                collection: &collection,
                href: &href,
            };
            Ok(listing.one(&href, &node))
        }
        target @ (Target::Root | Target::Principals | Target::Principal | Target::Homes) => {
            listing.above(&target, depth).await
        }
    }
}

/// How deep to look. Without a header the client gets the members too, not the whole tree.
fn depth(exchange: &Exchange, target: &Target) -> Result<Depth, Refusal> {
    match exchange.depth()? {
        None => Ok(Depth::One),
        Some(Depth::Infinity) if matches!(target, Target::Member { .. }) => Ok(Depth::Zero),
        Some(Depth::Infinity) => Err(Precondition::PropfindFiniteDepth.into()),
        Some(depth) => Ok(depth),
    }
}

/// The answers that fit in one piece.
struct Levels<'a> {
    exchange: &'a Exchange,
    wanted: &'a Wanted,
    prefer: Prefer,
}

impl Levels<'_> {
    fn one(&self, href: &Href, entity: &impl Entity) -> http::Response<crate::body::Body> {
        let mut out = MultistatusWriter::new();
        property::write(&mut out, href, entity, self.wanted, self.prefer);
        multistatus::whole(out)
    }

    async fn object(&self, parent: &Collection, name: &ObjectName) -> Reply {
        let store = &self.exchange.site.store;
        let object = store
            .object(parent.id, name)
            .await?
            .ok_or(Refusal::NotFound)?;
        let dead = store.properties(parent.id, name).await?;
        let view = ObjectView {
            exchange: self.exchange,
            entry: &object.entry,
            dead: Some(&dead),
            data: None,
        };
        let href = self.exchange.site.base.object(&self.exchange.resource);
        Ok(self.one(&href, &view))
    }

    /// The resources above what belongs to anyone, and one's own below them.
    async fn above(&self, target: &Target, depth: Depth) -> Reply {
        let exchange = self.exchange;
        let mut out = MultistatusWriter::new();
        if depth == Depth::Zero || !self.prefer.without_root {
            self.write(&mut out, &exchange.href(target), target);
        }
        let user = exchange.principal.name.as_str();
        match target {
            _ if depth == Depth::Zero => {}
            Target::Root => {
                for (resource, target) in [
                    (Resource::Homes, Target::Homes),
                    (Resource::Principals, Target::Principals),
                ] {
                    self.write(&mut out, &exchange.collection_href(&resource), &target);
                }
            }
            Target::Principals => {
                self.write(&mut out, &exchange.principal_href(), &Target::Principal);
            }
            Target::Homes => {
                let collection = exchange.site.store.home(exchange.principal.id).await?;
                let href = exchange.collection_href(&Resource::home(user));
                let node = Node {
                    exchange,
                    collection: &collection,
                    href: &href,
                };
                property::write(&mut out, &href, &node, self.wanted, self.prefer);
            }
            _ => {}
        }
        Ok(multistatus::whole(out))
    }

    fn write(&self, out: &mut MultistatusWriter, href: &Href, target: &Target) {
        let exchange = self.exchange;
        match target {
            Target::Principal => {
                let view = PrincipalView {
                    exchange,
                    principal: &exchange.principal,
                };
                property::write(out, href, &view, self.wanted, self.prefer);
            }
            _ => property::write(out, href, &Container { exchange }, self.wanted, self.prefer),
        }
    }
}

/// A collection and its members.
struct Members {
    exchange: Exchange,
    collection: Box<Collection>,
    href: Href,
    wanted: Wanted,
    prefer: Prefer,
    stage: Stage,
}

enum Stage {
    Itself,
    Collections(Option<Cursor>),
    Objects(Option<Cursor>),
}

#[async_trait]
impl Listing for Members {
    async fn write(&mut self, out: &mut MultistatusWriter) -> Result<Progress, Refusal> {
        match std::mem::replace(&mut self.stage, Stage::Itself) {
            Stage::Itself => {
                self.write_collection(out, &self.collection, &self.href);
                self.stage = Stage::Collections(None);
                Ok(Progress::More)
            }
            Stage::Collections(cursor) => self.write_collections(out, cursor).await,
            Stage::Objects(cursor) => self.write_objects(out, cursor).await,
        }
    }
}

impl Members {
    async fn write_collections(
        &mut self,
        out: &mut MultistatusWriter,
        cursor: Option<Cursor>,
    ) -> Result<Progress, Refusal> {
        if !self.collection.kind.holds_collections() {
            self.stage = Stage::Objects(None);
            return Ok(Progress::More);
        }
        let page = self
            .exchange
            .site
            .store
            .children(self.collection.id, request(cursor))
            .await?;
        for child in &page.items {
            let href = self.href.member(child.name.as_str()).into_collection();
            self.write_collection(out, child, &href);
        }
        self.stage = match page.next {
            Some(next) => Stage::Collections(Some(next)),
            None => Stage::Objects(None),
        };
        Ok(Progress::More)
    }

    async fn write_objects(
        &mut self,
        out: &mut MultistatusWriter,
        cursor: Option<Cursor>,
    ) -> Result<Progress, Refusal> {
        let page = self
            .exchange
            .site
            .store
            .entries(self.collection.id, request(cursor))
            .await?;
        for entry in &page.items {
            let dead = self.dead(entry).await?;
            let view = ObjectView {
                exchange: &self.exchange,
                entry,
                dead: dead.as_deref(),
                data: None,
            };
            let href = self.href.member(entry.name.as_str());
            property::write(out, &href, &view, &self.wanted, self.prefer);
        }
        Ok(match page.next {
            Some(next) => {
                self.stage = Stage::Objects(Some(next));
                Progress::More
            }
            None => Progress::Done(None),
        })
    }

    async fn dead(&self, entry: &Entry) -> Result<Option<Box<Properties>>, Refusal> {
        if !self.wanted.needs_more_than(object::NAMES) {
            return Ok(None);
        }
        let store = &self.exchange.site.store;
        Ok(Some(Box::new(
            store.properties(self.collection.id, &entry.name).await?,
        )))
    }

    fn write_collection(&self, out: &mut MultistatusWriter, collection: &Collection, href: &Href) {
        let node = Node {
            exchange: &self.exchange,
            collection,
            href,
        };
        property::write(out, href, &node, &self.wanted, self.prefer);
    }
}

fn request(cursor: Option<Cursor>) -> PageRequest {
    match cursor {
        Some(cursor) => PageRequest::after(cursor, PAGE),
        None => PageRequest::first(PAGE),
    }
}
