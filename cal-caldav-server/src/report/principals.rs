//! Reports that find principals (RFC 3744 sections 9.3 to 9.5).
//!
//! Everyone finds themselves, and nobody else: whom else one may see is decided where privileges
//! are.

use cal_dav::XmlElement;
use cal_dav::header::Depth;
use cal_dav::name::{caldav, dav};
use cal_dav::property::PropertyName;
use cal_dav::report::{
    PrincipalMatch, PrincipalPropertySearch, PrincipalSearchPropertySet, PrincipalTarget,
    PropertySearch, SearchTest,
};
use cal_dav::request::Selection;
use cal_dav::response::{MultistatusWriter, Precondition};

use crate::dispatch::Reply;
use crate::exchange::{Exchange, Target};
use crate::multistatus;
use crate::property::principal::PrincipalView;
use crate::property::wanted::Wanted;
use crate::property::{self, Entity};
use crate::refusal::Refusal;
use crate::status;

/// `DAV:principal-property-search`.
pub(crate) fn search(
    exchange: &Exchange,
    target: &Target,
    request: &PrincipalPropertySearch,
) -> Reply {
    check_target(target)?;
    check_depth(exchange)?;
    let view = PrincipalView {
        exchange,
        principal: &exchange.principal,
    };
    let mut holds = request.searches.iter().map(|search| finds(&view, search));
    let found = match request.test {
        _ if request.searches.is_empty() => true,
        SearchTest::All => holds.all(|found| found),
        SearchTest::Any => holds.any(|found| found),
    };
    Ok(answer(exchange, &request.selection, found))
}

/// `DAV:principal-search-property-set`.
pub(crate) fn search_properties(exchange: &Exchange, target: &Target) -> Reply {
    check_target(target)?;
    check_depth(exchange)?;
    let properties = vec![
        (dav::DISPLAYNAME.clone(), "Name".to_owned()),
        (
            caldav::CALENDAR_USER_ADDRESS_SET.clone(),
            "Calendar address".to_owned(),
        ),
        (caldav::CALENDAR_USER_TYPE.clone(), "Kind".to_owned()),
    ];
    Ok(status::xml(
        PrincipalSearchPropertySet { properties }.to_bytes(),
    ))
}

/// `DAV:principal-match` where the principals are.
pub(super) fn matching(exchange: &Exchange, request: &PrincipalMatch) -> Reply {
    check_depth(exchange)?;
    check_depth(exchange)?;
    let view = PrincipalView {
        exchange,
        principal: &exchange.principal,
    };
    let found = match &request.target {
        PrincipalTarget::Itself => true,
        PrincipalTarget::Property(name) => PropertyName::of(name)
            .and_then(|property| view.live(property))
            .is_some_and(|value| value.hrefs().contains(&exchange.principal_href())),
    };
    Ok(answer(exchange, &request.selection, found))
}

/// Principals are looked for where they are listed, and from the root.
fn check_target(target: &Target) -> Result<(), Refusal> {
    match target {
        Target::Root | Target::Principals | Target::Principal | Target::Homes => Ok(()),
        Target::Missing => Err(Refusal::NotFound),
        Target::Collection(_) | Target::Member { .. } => Err(Precondition::SupportedReport.into()),
    }
}

/// The reports of RFC 3744 look below their target by themselves, and are defined for depth 0 only.
pub(super) fn check_depth(exchange: &Exchange) -> Result<(), Refusal> {
    match exchange.depth()? {
        None | Some(Depth::Zero) => Ok(()),
        Some(_) => Err(Refusal::malformed("the report has Depth 0")),
    }
}

fn finds(view: &PrincipalView<'_>, search: &PropertySearch) -> bool {
    search.properties.iter().all(|name| {
        PropertyName::of(name)
            .and_then(|property| view.live(property))
            .is_some_and(|value| value.texts().iter().any(|text| search.matches(text)))
    })
}

fn answer(
    exchange: &Exchange,
    selection: &Selection,
    found: bool,
) -> http::Response<crate::body::Body> {
    let mut out = MultistatusWriter::new();
    if found {
        let view = PrincipalView {
            exchange,
            principal: &exchange.principal,
        };
        let href = exchange.principal_href();
        property::write(
            &mut out,
            &href,
            &view,
            &Wanted::new(selection),
            exchange.prefer(),
        );
    }
    multistatus::whole(out)
}
