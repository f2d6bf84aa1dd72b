//! Values of properties, on their way into XML.

use std::borrow::Cow;

use cal_dav::name::{Name, caldav, dav};
use cal_dav::property::{Acl, Privilege, ResourceType};
use cal_dav::report::ReportKind;
use cal_dav::{Element, Href, Limits, Writer, XmlElement};
use cal_store::Components;

/// The value of a property.
pub(crate) enum Value<'a> {
    /// The element without content.
    Empty,
    Text(Cow<'a, str>),
    Hrefs(Vec<Href>),
    Type(ResourceType),
    Privileges(&'static [Privilege]),
    Reports(&'static [ReportKind]),
    Components(Components),
    /// A property as a client sent it, whole.
    Kept(Box<Element>),
    /// Content that never changes.
    Fixed(fn(&mut Writer)),
    /// Who may do what.
    Acl(Acl),
}

impl Value<'_> {
    pub(crate) fn text<T: std::fmt::Display>(text: T) -> Self {
        Self::Text(Cow::Owned(format!("{text}")))
    }

    pub(crate) fn href(href: Href) -> Self {
        Self::Hrefs(vec![href])
    }

    /// The resources it names.
    pub(crate) fn hrefs(&self) -> &[Href] {
        match self {
            Self::Hrefs(hrefs) => hrefs,
            _ => &[],
        }
    }

    /// Whether it was kept, and says this.
    pub(crate) fn is_text(&self, text: &str) -> bool {
        matches!(self, Self::Kept(element) if element.text() == text)
    }

    /// Every text that it can be searched for.
    pub(crate) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) => vec![text],
            _ => self.hrefs().iter().map(Href::as_str).collect(),
        }
    }

    /// The property of this name, as an element of its own.
    pub(crate) fn element(&self, name: &Name) -> Option<Element> {
        let mut writer = Writer::document();
        self.write(name, &mut writer);
        Element::parse(&writer.into_bytes(), &Limits::RESPONSE).ok()
    }

    /// Writes the property of this name.
    pub(crate) fn write(&self, name: &Name, writer: &mut Writer) {
        match self {
            Self::Empty => writer.empty(name),
            Self::Text(text) => writer.text_element(name, text),
            Self::Hrefs(hrefs) if hrefs.is_empty() => writer.empty(name),
            Self::Hrefs(hrefs) => writer.element(name).content(|writer| {
                for href in hrefs {
                    href.write(writer);
                }
            }),
            Self::Type(kind) => kind.write(writer),
            Self::Privileges(privileges) => writer.element(name).content(|writer| {
                for privilege in *privileges {
                    privilege.write(writer);
                }
            }),
            Self::Reports(reports) => writer.element(name).content(|writer| {
                for report in *reports {
                    supported_report(*report, writer);
                }
            }),
            Self::Components(components) => writer.element(name).content(|writer| {
                for component in components.iter() {
                    writer
                        .element(&caldav::COMP)
                        .attribute("name", component.as_str())
                        .empty();
                }
            }),
            Self::Kept(element) => writer.tree(element),
            Self::Fixed(write) => writer.element(name).content(write),
            Self::Acl(acl) => acl.write(writer),
        }
    }
}

fn supported_report(report: ReportKind, writer: &mut Writer) {
    writer.element(&dav::SUPPORTED_REPORT).content(|writer| {
        writer
            .element(&dav::REPORT)
            .content(|writer| writer.empty(report.name()));
    });
}
