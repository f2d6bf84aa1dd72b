//! Which reports a resource answers (RFC 3253 section 3.1.5).

use crate::name::{Name, dav};
use crate::report::ReportKind;
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// `DAV:supported-report-set`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SupportedReportSet {
    /// The names of the reports.
    pub reports: Vec<Name>,
}

impl SupportedReportSet {
    /// Whether the resource answers a report.
    #[must_use]
    pub fn has(&self, kind: ReportKind) -> bool {
        self.reports.contains(kind.name())
    }
}

impl FromIterator<ReportKind> for SupportedReportSet {
    fn from_iter<I: IntoIterator<Item = ReportKind>>(kinds: I) -> Self {
        Self {
            reports: kinds.into_iter().map(|kind| kind.name().clone()).collect(),
        }
    }
}

impl XmlElement for SupportedReportSet {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::SUPPORTED_REPORT_SET)?;
        let reports = element
            .children_named(&dav::SUPPORTED_REPORT)
            .filter_map(|supported| supported.child(&dav::REPORT))
            .flat_map(Element::children)
            .map(|report| report.name().clone());
        Ok(Self {
            reports: reports.collect(),
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&dav::SUPPORTED_REPORT_SET)
            .content(|writer| {
                for name in &self.reports {
                    writer.element(&dav::SUPPORTED_REPORT).content(|writer| {
                        writer
                            .element(&dav::REPORT)
                            .content(|writer| writer.empty(name));
                    });
                }
            });
    }
}
