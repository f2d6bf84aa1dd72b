//! One request on its way to its answer: who asks, for what, and with which headers.

use std::str::FromStr;
use std::sync::Arc;

use cal_dav::header::{BRIEF, DEPTH, Depth, PREFER, Prefer};
use cal_dav::{Href, XmlElement};
use cal_store::{
    Cause, Collection, Location, LockToken, ObjectName, Precondition, Principal, PrincipalName,
    Timestamp, Via,
};
use http::request::Parts;
use http::{HeaderMap, header};
use tokio::sync::OnceCell;

use crate::access;
use crate::authority::Authorities;
use crate::conditional::Conditional;
use crate::href::BasePath;
use crate::incoming::Incoming;
use crate::locks::Locks;
use crate::method::states::States;
use crate::refusal::Refusal;
use crate::resource::Resource;
use crate::server::Site;

/// An authenticated and authorized request, without its body.
pub(crate) struct Exchange {
    pub(crate) site: Arc<Site>,
    pub(crate) principal: Principal,
    pub(crate) resource: Resource,
    pub(crate) headers: HeaderMap,
    /// Whether the path of the request ends with a slash.
    pub(crate) names_collection: bool,
    /// Where the hrefs of the target itself begin.
    target_base: BasePath,
    /// What the `If` header demands of an object when it is written.
    states: Precondition,
    /// The tokens of locks that the `If` header submits.
    lock_tokens: Vec<LockToken>,
    /// The locks of the home, once they were asked for.
    locks: OnceCell<Locks>,
    /// Under which names the client may know this server.
    pub(crate) authorities: Authorities,
    /// Where the client sees this server, if the request tells.
    pub(crate) origin: Option<String>,
    /// The query of the request, without its question mark.
    pub(crate) query: Option<String>,
}

/// What is at a path.
#[derive(Debug)]
pub(crate) enum Target {
    Root,
    Principals,
    Principal,
    Homes,
    Collection(Box<Collection>),
    /// An object, or the place for one.
    Member {
        parent: Box<Collection>,
        name: ObjectName,
    },
    /// Nothing, and no collection that could hold it.
    Missing,
}

impl Exchange {
    pub(crate) fn new(
        site: Arc<Site>,
        principal: Principal,
        resource: Resource,
        parts: Parts,
    ) -> Self {
        let target_base = site.base.clone();
        let authorities = Authorities::of(&parts, site.host.as_deref());
        let origin = Authorities::origin(&parts, site.host.as_deref());
        Self {
            site,
            principal,
            resource,
            names_collection: parts.uri.path().ends_with('/'),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers,
            target_base,
            states: Precondition::None,
            lock_tokens: Vec::new(),
            locks: OnceCell::new(),
            authorities,
            origin,
        }
    }

    /// The same, with what its `If` header demands of an object when it is written, and the
    /// locks whose tokens it submits.
    pub(crate) fn with_states(mut self, states: States) -> Self {
        self.states = states.demanded;
        self.lock_tokens = states.lock_tokens;
        self
    }

    /// The locks of the home as they were when they were first asked for.
    pub(crate) async fn locks(&self) -> Result<&Locks, Refusal> {
        let read = || Locks::read(&self.site, &self.principal);
        self.locks.get_or_try_init(read).await
    }

    /// The same, if they were asked for.
    pub(crate) fn known_locks(&self) -> Option<&Locks> {
        self.locks.get()
    }

    /// All that the header demands of an object when it is written, but for dates.
    pub(crate) fn precondition(&self, conditional: &Conditional) -> Precondition {
        conditional.precondition().and(self.states.clone())
    }

    /// The same, where the path of the request began outside the base path.
    pub(crate) fn at_origin(mut self) -> Self {
        self.target_base = self.site.origin.clone();
        self
    }

    /// What the path of the request leads to.
    pub(crate) async fn locate(&self) -> Result<Target, Refusal> {
        self.locate_resource(&self.resource).await
    }

    /// What is at the place that an href of the request names; what is not the principal's to
    /// see is as good as missing.
    pub(crate) async fn locate_href(&self, href: &Href) -> Result<(Resource, Target), Refusal> {
        let resource = self.site.base.resolve(href)?.ok_or(Refusal::NotFound)?;
        let target = self.locate_below(&resource).await?;
        Ok((resource, target))
    }

    /// What is at a place other than the target of the request, if the principal may see it.
    pub(crate) async fn locate_below(&self, resource: &Resource) -> Result<Target, Refusal> {
        access::access(&self.principal, resource)?;
        self.locate_resource(resource).await
    }

    async fn locate_resource(&self, resource: &Resource) -> Result<Target, Refusal> {
        let (user, names) = match resource {
            Resource::Root => return Ok(Target::Root),
            Resource::Principals => return Ok(Target::Principals),
            Resource::Principal { .. } => return Ok(Target::Principal),
            Resource::Homes => return Ok(Target::Homes),
            Resource::Tree { user, names } => (user, names),
        };
        let names: Vec<ObjectName> = names
            .iter()
            .map(ObjectName::new)
            .collect::<Result<_, _>>()?;
        let owner = PrincipalName::new(user)?;
        Ok(match self.site.store.locate(&owner, &names).await? {
            Location::Collection(collection) => Target::Collection(collection),
            Location::Member { parent, name } => Target::Member { parent, name },
            Location::Missing => Target::Missing,
        })
    }

    /// Refuses a target that is a name which nothing has.
    pub(crate) async fn check_there(&self, target: &Target) -> Result<(), Refusal> {
        match target {
            Target::Missing => Err(Refusal::NotFound),
            Target::Member { parent, name } => {
                let found = self.site.store.object(parent.id, name).await?;
                found.map(drop).ok_or(Refusal::NotFound)
            }
            _ => Ok(()),
        }
    }

    /// The href of the target of the request.
    pub(crate) fn href(&self, target: &Target) -> Href {
        match target {
            Target::Member { .. } => self.target_base.object(&self.resource),
            _ => self.target_base.collection(&self.resource),
        }
    }

    /// The href of a resource.
    pub(crate) fn collection_href(&self, resource: &Resource) -> Href {
        self.site.base.collection(resource)
    }

    /// The principal resource of the one who asks.
    pub(crate) fn principal_href(&self) -> Href {
        self.collection_href(&Resource::principal(self.principal.name.as_str()))
    }

    /// What the client prefers.
    pub(crate) fn prefer(&self) -> Prefer {
        let fields = self.headers.get_all(PREFER).into_iter();
        let listed: Vec<&str> = fields.filter_map(|field| field.to_str().ok()).collect();
        let prefer = Prefer::parse(&listed.join(","));
        let prefer = self
            .header(BRIEF)
            .map_or(prefer, |brief| prefer.with_brief(brief));
        self.header(DEPTH)
            .map_or(prefer, |depth| prefer.with_depth(depth))
    }

    /// How far below its target the request reaches, if it says so.
    pub(crate) fn depth(&self) -> Result<Option<Depth>, Refusal> {
        self.read_header(DEPTH)
    }

    /// A header field that must be what it says to be, where there is one.
    pub(crate) fn read_header<T: FromStr<Err = cal_dav::Error>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, Refusal> {
        let Some(field) = self.headers.get(name) else {
            return Ok(None);
        };
        let text = field.to_str().map_err(|_| Refusal::HeaderText(name))?;
        text.parse().map(Some).map_err(Refusal::Header)
    }

    /// Why a write of this request happens.
    pub(crate) fn cause(&self) -> Cause {
        Cause::new(Via::Dav, Timestamp::from((self.site.clock)()))
            .with_principal(&self.principal.name)
            .with_lock_tokens(self.lock_tokens.clone())
    }

    /// A header field as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Reads an XML body whole, within the limit for requests.
    pub(crate) async fn read_xml_bytes(
        &self,
        body: &mut Incoming,
    ) -> Result<bytes::Bytes, Refusal> {
        self.check_content_encoding()?;
        Ok(body.read(self.site.limits.xml_size).await?)
    }

    /// Reads an XML body of which `T` is the root.
    pub(crate) async fn read_xml<T: XmlElement>(&self, body: &mut Incoming) -> Result<T, Refusal> {
        let bytes = self.read_xml_bytes(body).await?;
        Ok(T::parse(&bytes, &self.site.xml_limits())?)
    }

    /// Refuses bodies that came compressed: they could be anything once unpacked.
    pub(crate) fn check_content_encoding(&self) -> Result<(), Refusal> {
        match self.header(header::CONTENT_ENCODING.as_str()) {
            None => Ok(()),
            Some(coding) if coding.trim().eq_ignore_ascii_case("identity") => Ok(()),
            Some(coding) => Err(Refusal::MediaType(format!("content coding {coding}"))),
        }
    }
}

impl Site {
    /// How much XML one request may hold.
    pub(crate) fn xml_limits(&self) -> cal_dav::Limits {
        cal_dav::Limits {
            bytes: self.limits.xml_size,
            ..cal_dav::Limits::REQUEST
        }
    }
}
