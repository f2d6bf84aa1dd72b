//! `POST` to a calendar object: attachments are added, replaced and removed (RFC 8607 section 3).
//!
//! A file and the object that names it are written together. One that is named no more stays
//! until the daily pruning finds that nothing else names it either.

use cal_core::Calendar;
use cal_dav::header::CAL_MANAGED_ID;
use cal_dav::response::Precondition as Condition;
use cal_store::{
    Collection, CurrentVersion, ETag, Edit, Error, Object, ObjectName, Precondition, Put, Written,
    managed_ids,
};
use http::{HeaderName, Response, StatusCode, header};

use super::put::{insert, insert_location, represent};
use super::unmodified;
use crate::attachment::File;
use crate::attachment::action::{Action, Scope};
use crate::attachment::edit::{self, Change, Circumstances};
use crate::body::Body;
use crate::conditional::{Conditional, etag_header};
use crate::dispatch::Reply;
use crate::exchange::Exchange;
use crate::incoming::Incoming;
use crate::refusal::Refusal;
use crate::zone;

/// How often an object is edited anew because another request changed it meanwhile.
const ATTEMPTS: usize = 8;

pub(crate) async fn attach(
    exchange: &Exchange,
    parent: &Collection,
    name: &ObjectName,
    body: &mut Incoming,
) -> Reply {
    let store = &exchange.site.store;
    if store.object(parent.id, name).await?.is_none() {
        return Err(Refusal::NotFound);
    }
    let (change, scope, file) = match Action::parse(exchange.query.as_deref())? {
        Action::Add(scope) => {
            let file = File::read(exchange, body).await?;
            (Change::Add(file.property(exchange)), scope, Some(file))
        }
        Action::Update(id) => {
            let file = File::read(exchange, body).await?;
            let change = Change::Replace(id, file.property(exchange));
            (change, Scope::Whole, Some(file))
        }
        Action::Remove(id, scope) => (Change::Remove(id), scope, None),
    };
    let conditional = Conditional::of(&exchange.headers);
    unmodified::check(exchange, &conditional, parent, name).await?;
    let edit = Editing {
        exchange,
        parent,
        name,
        file: file.as_ref(),
        demanded: exchange.precondition(&conditional),
    };
    let mut left = ATTEMPTS;
    loop {
        left -= 1;
        match edit.attempt(&change, &scope).await {
            Err(Refusal::Store {
                source: Error::PreconditionFailed { .. },
                ..
            }) if left > 0 => {}
            done => return Ok(edit.answer(&change, done?)),
        }
    }
}

/// The edit of an object by a request.
struct Editing<'a> {
    exchange: &'a Exchange,
    parent: &'a Collection,
    name: &'a ObjectName,
    file: Option<&'a File>,
    /// What the client demands of the object.
    demanded: Precondition,
}

/// The object after it.
struct Edited {
    before: Object,
    body: bytes::Bytes,
    etag: ETag,
}

impl Editing<'_> {
    async fn attempt(&self, change: &Change, scope: &Scope) -> Result<Edited, Refusal> {
        let exchange = self.exchange;
        let store = &exchange.site.store;
        let before = store.object(self.parent.id, self.name).await?;
        let before = before.ok_or(Refusal::NotFound)?;
        let etag = before.entry.etag;
        let current = CurrentVersion {
            etag,
            schedule_tag: before.entry.schedule_tag,
        };
        if self.demanded.check(Some(current)).is_err() {
            return Err(Refusal::PreconditionFailed);
        }
        let body = self.edited(&before, change, scope).await?;
        let mut edits = Vec::new();
        if let Some(file) = self.file {
            let owner = self.parent.owner;
            let attachments = store.make_attachments(owner, &exchange.cause()).await?;
            edits.push(Edit::from(file.put(attachments.id)?));
        }
        let held = Precondition::Matches(vec![etag]);
        let put = Put::new(self.parent.id, self.name.clone(), body.clone())
            .with_content_type(before.entry.content_type.clone())
            .with_precondition(held);
        edits.push(Edit::from(put));
        let href = exchange.collection_href(&exchange.resource.parent());
        let own = exchange.site.base.object(&exchange.resource);
        let written = store.write_all(edits, &exchange.cause()).await;
        let written = written.map_err(Refusal::within(&href, &own))?;
        let etag = match written.last() {
            Some(Written::Stored(stored)) => stored.etag,
            _ => etag,
        };
        Ok(Edited { before, body, etag })
    }

    /// The text of the object after a change, worked out where it keeps nobody waiting.
    async fn edited(
        &self,
        before: &Object,
        change: &Change,
        scope: &Scope,
    ) -> Result<bytes::Bytes, Refusal> {
        let site = &self.exchange.site;
        let at = Circumstances {
            zone: zone::of_collection(self.parent),
            now: (site.clock)().naive_utc(),
        };
        let (body, change, scope) = (before.body.clone(), change.clone(), scope.clone());
        let most = site.limits.attachments;
        let work = move |_: &_| {
            let had = managed_ids(&body).len();
            let calendar = Calendar::read(&body).calendar;
            let after = edit::edited(calendar, &change, &scope, &at)?.to_bytes();
            match managed_ids(&after).len() {
                has if has > most && has > had => Err(Condition::MaxAttachmentsPerResource),
                _ => Ok(after),
            }
        };
        Ok(site.workers.run(work).await??)
    }

    fn answer(&self, change: &Change, edited: Edited) -> Response<Body> {
        let represented = self.exchange.prefer().is_representation();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = match (change, represented) {
            (Change::Add(_), _) => StatusCode::CREATED,
            (_, true) => StatusCode::OK,
            (_, false) => StatusCode::NO_CONTENT,
        };
        if represented {
            let content_type = edited.before.entry.content_type;
            represent(&mut response, content_type.as_str(), edited.body);
            let own = self.exchange.site.base.object(&self.exchange.resource);
            insert(
                response.headers_mut(),
                header::CONTENT_LOCATION,
                own.as_str(),
            );
        }
        let headers = response.headers_mut();
        insert(headers, header::ETAG, &etag_header(edited.etag));
        if let Some(file) = self.file {
            insert(headers, HeaderName::from_static(CAL_MANAGED_ID), &file.id);
            insert_location(headers, &file.href(self.exchange));
        }
        response
    }
}
