//! What is a document and what is not.

use cal_dav::{Bound, Element, Error, Limits};

fn parse(document: &str) -> Result<Element, Error> {
    Element::parse(document.as_bytes(), &Limits::REQUEST)
}

#[test]
fn broken_documents_are_refused() {
    for document in [
        "",
        "  ",
        "text",
        "<a>",
        "<a></b>",
        "</a>",
        "<a/><b/>",
        "<a/>text",
        "text<a/>",
        "<a b='1' b='2'/>",
        "<a b=1/>",
        "<a b/>",
        "<p:a/>",
        "<a p:b='1'/>",
        "<a xmlns:p=''/>",
        "<a xmlns:='urn:x'/>",
        "<a xmlns:xml='urn:x'/>",
        "<a xmlns:xmlns='urn:x'/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='1' q:b='2'/>",
        "<a:b:c xmlns:a='urn:x'/>",
        "<:a/>",
        "<a: xmlns:a='urn:x'/>",
        "<1a/>",
        "<a>&unknown;</a>",
        "<a>&#0;</a>",
        "<a>&#x1;</a>",
        "<a>&#xD800;</a>",
        "<a>&</a>",
        "<a b='&unknown;'/>",
        "<a b='&#1;'/>",
        "<a>\u{1}</a>",
        "<a>]]></a>",
        "<a><![CDATA[</a>",
        "<a><!-- </a>",
    ] {
        let outcome = parse(document);
        assert!(
            matches!(outcome, Err(Error::Malformed { .. })),
            "{document:?}: {outcome:?}"
        );
    }
}

#[test]
fn a_document_type_is_refused_wherever_it_stands() {
    for document in [
        "<!DOCTYPE a><a/>",
        "<!doctype a><a/>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        "<!DOCTYPE a [",
        "<!DOCTYPE>",
    ] {
        let outcome = parse(document);
        assert!(
            matches!(outcome, Err(Error::DocumentType { .. })),
            "{document:?}: {outcome:?}"
        );
    }
    assert!(parse("<a><!ENTITY b 'c'></a>").is_err());
}

#[test]
fn each_limit_is_an_error_of_its_own() {
    let small = Limits {
        bytes: 64,
        depth: 3,
        elements: 5,
        attributes: 2,
        namespaces: 2,
    };
    for (document, bound) in [
        (format!("<a>{}</a>", "x".repeat(100)), Bound::Bytes),
        ("<a><a><a><a/></a></a></a>".to_owned(), Bound::Depth),
        ("<a><a/><a/><a/><a/><a/></a>".to_owned(), Bound::Elements),
        ("<a b='' c='' d=''/>".to_owned(), Bound::Attributes),
        (
            "<a xmlns='a' xmlns:b='b'><a xmlns='c'/></a>".to_owned(),
            Bound::Namespaces,
        ),
    ] {
        match Element::parse(document.as_bytes(), &small) {
            Err(Error::Limit { bound: found, .. }) => assert_eq!(found, bound, "{document}"),
            other => panic!("{document}: {other:?}"),
        }
    }
}

#[test]
fn text_is_one_whatever_its_spelling() {
    let element = parse("<a>1<!-- no -->2<![CDATA[<3>]]>&#52;&lt;<?pi no?>5</a>").unwrap();
    assert_eq!(element.text(), "12<3>4<5");
    assert_eq!(element.nodes().len(), 1);
}

#[test]
fn line_ends_are_normalised_unless_they_are_references() {
    let element = parse("<a>1\r\n2\r3&#13;\n</a>").unwrap();
    assert_eq!(element.text(), "1\n2\n3\r\n");
}

#[test]
fn utf_16_and_a_byte_order_mark_are_read() {
    let text = "<?xml version='1.0' encoding='utf-16'?><a>Zo\u{eb} \u{1F4C5}</a>";
    let mut little = vec![0xFF, 0xFE];
    little.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let mut big = vec![0xFE, 0xFF];
    big.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    let marked = format!("\u{FEFF}{}", text.replace("utf-16", "utf-8")).into_bytes();
    for document in [little, big, marked] {
        let element = Element::parse(&document, &Limits::REQUEST).unwrap();
        assert_eq!(element.text(), "Zo\u{eb} \u{1F4C5}");
    }
}

#[test]
fn other_encodings_are_refused_by_name() {
    let outcome = parse("<?xml version='1.0' encoding='iso-8859-1'?><a/>");
    assert_eq!(outcome, Err(Error::Encoding("iso-8859-1".to_owned())));
    assert!(Element::parse(b"<a>\xFF</a>", &Limits::REQUEST).is_err());
}
