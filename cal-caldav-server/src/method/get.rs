//! `GET` and `HEAD`: objects byte for byte, calendars as one stream of iCalendar text.

use cal_store::{Collection, CollectionKind, ObjectName};
use http::{Response, StatusCode, header};

use super::put::insert;
use crate::attachment::{self, disposition};
use crate::body::Body;
use crate::conditional::{Conditional, Intent, Verdict, Version, etag_header, http_date};
use crate::definitions::Definitions;
use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::export;
use crate::property::object::content_type;
use crate::refusal::Refusal;
use crate::resource::Resource;

pub(crate) async fn get(exchange: Exchange, target: Target) -> Reply {
    match target {
        Target::Member { parent, name } => object(&exchange, &parent, &name).await,
        Target::Collection(calendar) if matches!(calendar.kind, CollectionKind::Calendar(_)) => {
            whole_calendar(&exchange, *calendar)
        }
        Target::Root => Ok(hint(&exchange)),
        _ => Err(Refusal::NotFound),
    }
}

/// What people see who open in a browser what is meant for a calendar program.
fn hint(exchange: &Exchange) -> Response<Body> {
    let home = exchange.collection_href(&Resource::home(exchange.principal.name.as_str()));
    let mut response = Response::new(Body::from(format!(
        "This is a CalDAV server: give the address of this page to your calendar program.\n\
         Your calendars are below {home}\n",
    )));
    insert(
        response.headers_mut(),
        header::CONTENT_TYPE,
        "text/plain; charset=utf-8",
    );
    response
}

/// As `GET`, without the body but with its length.
pub(crate) async fn head(exchange: Exchange, target: Target) -> Reply {
    let mut response = get(exchange, target).await?;
    let length = response.body().as_bytes().map(<[u8]>::len);
    if let Some(length) = length.filter(|length| *length > 0) {
        insert(
            response.headers_mut(),
            header::CONTENT_LENGTH,
            &length.to_string(),
        );
    }
    *response.body_mut() = Body::empty();
    Ok(response)
}

async fn object(exchange: &Exchange, parent: &Collection, name: &ObjectName) -> Reply {
    let found = exchange.site.store.object(parent.id, name).await?;
    let object = found.ok_or(Refusal::NotFound)?;
    let etag = object.entry.etag.to_string();
    let version = Version {
        etag: &etag,
        modified: object.entry.modified.to_date_time(),
    };
    let mut response = conditionally(exchange, version)?;
    if response.status() == StatusCode::OK {
        insert(
            response.headers_mut(),
            header::CONTENT_TYPE,
            &content_type(&object.entry),
        );
        // What one user has stored must not run as a page of this site.
        insert(
            response.headers_mut(),
            header::X_CONTENT_TYPE_OPTIONS,
            "nosniff",
        );
        if parent.kind == CollectionKind::Attachments {
            let kept = exchange.site.store.properties(parent.id, name).await?;
            let file_name = attachment::file_name(&kept);
            let field = disposition::header(file_name.as_deref());
            insert(response.headers_mut(), header::CONTENT_DISPOSITION, &field);
        }
        let wanted = Definitions::wanted(exchange)?;
        let body = match object.entry.component {
            Some(_) => wanted.of(&object.body).into_owned(),
            None => object.body,
        };
        *response.body_mut() = Body::from(body);
    }
    Ok(response)
}

/// The state of a calendar is that of its log, so an unchanged one costs nothing to ask for.
fn whole_calendar(exchange: &Exchange, calendar: Collection) -> Reply {
    let etag = calendar.token.to_string();
    let version = Version {
        etag: &etag,
        modified: calendar.modified.to_date_time(),
    };
    let mut response = conditionally(exchange, version)?;
    if response.status() == StatusCode::OK {
        insert(
            response.headers_mut(),
            header::CONTENT_TYPE,
            "text/calendar; charset=utf-8",
        );
        *response.body_mut() = export::body(
            exchange.site.store.clone(),
            calendar,
            Definitions::wanted(exchange)?,
        );
    }
    Ok(response)
}

fn conditionally(exchange: &Exchange, version: Version<'_>) -> Reply {
    let verdict = Conditional::of(&exchange.headers).evaluate(Some(version), Intent::Read);
    let mut response = Response::new(Body::empty());
    match verdict {
        Verdict::Proceed => {}
        Verdict::NotModified => *response.status_mut() = StatusCode::NOT_MODIFIED,
        Verdict::Failed => return Err(Refusal::PreconditionFailed),
    }
    insert(
        response.headers_mut(),
        header::ETAG,
        &etag_header(version.etag),
    );
    if let Some(modified) = version.modified {
        insert(
            response.headers_mut(),
            header::LAST_MODIFIED,
            &http_date(modified),
        );
    }
    Ok(response)
}
