//! Answers of servers, good and odd.

use cal_dav::name::{calendarserver, dav};
use cal_dav::property::{CurrentUserPrivilegeSet, PropertyName};
use cal_dav::response::{
    ErrorBody, MultistatusItem, MultistatusReader, MultistatusWriter, Outcome, Precondition,
    Response,
};
use cal_dav::status::{parse_status_line, status_line};
use cal_dav::{Error, Href, Limits, SyncToken, XmlElement};
use http::StatusCode;

fn items(body: &str) -> Vec<Result<MultistatusItem, Error>> {
    MultistatusReader::new(body.as_bytes(), Limits::RESPONSE).collect()
}

fn response(inside: &str) -> Response {
    let body = format!("<response xmlns='DAV:'>{inside}</response>");
    Response::parse(body.as_bytes(), &Limits::RESPONSE).unwrap()
}

#[test]
fn only_a_status_of_the_response_itself_removes_a_resource() {
    let removed = response("<href>/a.ics</href><status>HTTP/1.1 404 Not Found</status>");
    assert_eq!(removed.failure(), Some(StatusCode::NOT_FOUND));
    let lacks_etag = response(
        "<href>/a.ics</href><propstat><prop><getetag/></prop><status>HTTP/1.1 404 Not Found</status></propstat>",
    );
    assert_eq!(lacks_etag.failure(), None);
    assert_eq!(lacks_etag.property(&dav::GETETAG), None);
}

#[test]
fn only_successful_propstats_have_values() {
    let both = response(
        "<href>/a/</href>\
         <propstat><prop><current-user-privilege-set/></prop><status>HTTP/1.1 404 Not Found</status></propstat>\
         <propstat><prop><displayname>A</displayname></prop><status>HTTP/1.1 200 OK</status></propstat>",
    );
    assert_eq!(both.property(&dav::CURRENT_USER_PRIVILEGE_SET), None);
    assert_eq!(both.property(&dav::DISPLAYNAME).unwrap().text(), "A");
}

#[test]
fn one_bad_response_does_not_hide_the_others() {
    let items = items(
        "<multistatus xmlns='DAV:'>\
         <response><href>/a.ics</href><status>HTTP/1.1 200 OK</status></response>\
         <response><status>HTTP/1.1 200 OK</status></response>\
         <response><href>/b.ics</href><status>gone</status></response>\
         <response><href>/c.ics</href><status>HTTP/1.1 200 OK</status></response>\
         </multistatus>",
    );
    let kinds: Vec<bool> = items.iter().map(Result::is_ok).collect();
    assert_eq!(kinds, [true, false, false, true]);
}

#[test]
fn a_multistatus_that_ends_early_says_so_last() {
    let items = items(
        "<multistatus xmlns='DAV:'><response><href>/a.ics</href><status>HTTP/1.1 200 OK</status></response><resp",
    );
    assert_eq!(items.len(), 2);
    assert!(
        matches!(items[1], Err(Error::Malformed { .. })),
        "{items:?}"
    );
}

#[test]
fn another_document_is_no_multistatus() {
    let html = "<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>";
    assert!(matches!(items(html)[..], [Err(Error::Root { .. })]));
    let with_doctype = "<!DOCTYPE html><html/>";
    assert!(matches!(
        items(with_doctype)[..],
        [Err(Error::DocumentType { .. })]
    ));
    assert!(matches!(items("")[..], [Err(Error::Malformed { .. })]));
}

#[test]
fn a_body_over_the_limit_is_an_error_not_an_end() {
    let limits = Limits {
        bytes: 100,
        ..Limits::RESPONSE
    };
    let body = format!(
        "<multistatus xmlns='DAV:'>{}</multistatus>",
        " ".repeat(200)
    );
    let items: Vec<_> = MultistatusReader::new(body.as_bytes(), limits).collect();
    assert!(matches!(items[..], [Err(Error::Limit { .. })]), "{items:?}");
}

#[test]
fn a_sync_page_that_was_cut_says_so_for_the_collection() {
    let mut multistatus = MultistatusWriter::new();
    let collection = Href::from_collection_segments(["dav", "work"]);
    multistatus.failure(
        &collection,
        StatusCode::INSUFFICIENT_STORAGE,
        &[Precondition::NumberOfMatchesWithinLimits],
    );
    let body = multistatus.finish(Some(&SyncToken::new("urn:2".to_owned())));
    let items = items(std::str::from_utf8(&body).unwrap());
    let Ok(MultistatusItem::Response(cut)) = &items[0] else {
        panic!("{items:?}")
    };
    assert_eq!(
        cut.outcome,
        Outcome::Status(StatusCode::INSUFFICIENT_STORAGE)
    );
    assert_eq!(cut.conditions, [Precondition::NumberOfMatchesWithinLimits]);
    assert_eq!(
        items[1],
        Ok(MultistatusItem::SyncToken(SyncToken::new(
            "urn:2".to_owned()
        )))
    );
}

#[test]
fn an_error_body_holds_only_the_expected_element() {
    let holder: Href = "/dav/work/1.ics".parse().unwrap();
    let body = ErrorBody::from(Precondition::NoUidConflict(Some(holder))).to_bytes();
    let text = String::from_utf8(body).unwrap();
    let inside = text.split_once("/\">").unwrap().1;
    assert_eq!(
        inside,
        "<C:no-uid-conflict><D:href>/dav/work/1.ics</D:href></C:no-uid-conflict></D:error>"
    );
}

#[test]
fn calendar_text_keeps_its_line_ends() {
    let ics = "BEGIN:VCALENDAR\r\nSUMMARY:<a> & \"b\" ]]>\r\nEND:VCALENDAR\r\n";
    let mut multistatus = MultistatusWriter::new();
    multistatus.properties(&"/1.ics".parse().unwrap(), |response| {
        response.propstat(StatusCode::OK, |prop| {
            prop.text_element(&cal_dav::name::caldav::CALENDAR_DATA, ics);
        });
    });
    let body = multistatus.finish(None);
    let items = items(std::str::from_utf8(&body).unwrap());
    let Ok(MultistatusItem::Response(response)) = &items[0] else {
        panic!("{items:?}")
    };
    let data = response
        .property(&cal_dav::name::caldav::CALENDAR_DATA)
        .unwrap();
    assert_eq!(data.text(), ics);
}

#[test]
fn writing_rights_are_understood_in_every_dialect() {
    for (privileges, writable) in [
        ("<privilege><all/></privilege>", true),
        ("<privilege><write/></privilege>", true),
        ("<privilege><write-content/></privilege>", true),
        ("<privilege><bind/></privilege>", true),
        ("<privilege><read/><write/></privilege>", true),
        (
            "<privilege><read/></privilege><privilege><write-properties/></privilege>",
            false,
        ),
        ("", false),
    ] {
        let body = format!(
            "<current-user-privilege-set xmlns='DAV:'>{privileges}</current-user-privilege-set>"
        );
        let set = CurrentUserPrivilegeSet::parse(body.as_bytes(), &Limits::RESPONSE).unwrap();
        assert_eq!(set.allows_writing(), writable, "{privileges}");
    }
}

#[test]
fn status_lines_are_read_whatever_their_phrase() {
    for text in [
        "HTTP/1.1 404 Not Found",
        "HTTP/1.1 404",
        "http/2 404 Gone?",
        " HTTP/1.0  404 \n",
    ] {
        assert_eq!(
            parse_status_line(text),
            Ok(StatusCode::NOT_FOUND),
            "{text:?}"
        );
    }
    for text in [
        "",
        "404",
        "HTTP/1.1",
        "HTTP/1.1 4o4",
        "HTTP/1.1 99",
        "\u{e9}\u{e9}\u{e9} 200",
    ] {
        assert!(parse_status_line(text).is_err(), "{text:?}");
    }
    assert_eq!(
        status_line(StatusCode::MULTI_STATUS),
        "HTTP/1.1 207 Multi-Status"
    );
}

#[test]
fn each_property_has_its_own_name() {
    for property in PropertyName::ALL {
        assert_eq!(PropertyName::of(property.name()), Some(*property));
    }
    assert_eq!(
        PropertyName::of(&calendarserver::GETCTAG),
        Some(PropertyName::GetCTag)
    );
    let dead = "{urn:x}getetag".parse().unwrap();
    assert_eq!(PropertyName::of(&dead), None);
}

#[test]
fn ten_thousand_responses_pass_through_a_small_buffer() {
    let mut multistatus = MultistatusWriter::new();
    let mut body = Vec::new();
    let collection = Href::from_collection_segments(["dav", "Zo\u{eb}"]);
    for number in 0..10_000 {
        let href = collection.member(&format!("{number} \u{1F4C5}.ics"));
        multistatus.properties(&href, |response| {
            response.propstat(StatusCode::OK, |prop| {
                prop.text_element(&dav::DISPLAYNAME, "Zo\u{eb} \u{1F4C5}\r\n& co");
            });
        });
        assert!(multistatus.pending() < 1024);
        body.extend(multistatus.take());
    }
    body.extend(multistatus.finish(None));
    let chunks = std::io::BufReader::with_capacity(7, &body[..]);
    let mut count = 0;
    for item in MultistatusReader::new(chunks, Limits::RESPONSE) {
        let MultistatusItem::Response(response) = item.unwrap() else {
            panic!("another item");
        };
        assert_eq!(
            response.href,
            collection.member(&format!("{count} \u{1F4C5}.ics"))
        );
        let name = response.property(&dav::DISPLAYNAME).unwrap();
        assert_eq!(name.text(), "Zo\u{eb} \u{1F4C5}\r\n& co");
        count += 1;
    }
    assert_eq!(count, 10_000);
}
