//! sync-collection (RFC 6578 sections 3.2 and 6.1).

use crate::name::dav;
use crate::request::Selection;
use crate::xml::expect;
use crate::{Element, Error, SyncToken, Writer, XmlElement};

/// The body of a sync-collection report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncCollection {
    /// The state the client knows; `None` asks for everything.
    pub token: Option<SyncToken>,
    /// How deep to look. `None` is the dialect of the drafts, where the Depth
    /// header says it.
    pub level: Option<SyncLevel>,
    /// The most responses wanted.
    pub limit: Option<u64>,
    /// What is asked of each member that changed.
    pub selection: Selection,
}

/// How deep a synchronization looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SyncLevel {
    /// At the members of the collection.
    One,
    /// At all below the collection.
    Infinite,
}

impl SyncLevel {
    fn as_str(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Infinite => "infinite",
        }
    }

    fn parse(text: &str) -> Result<Self, Error> {
        match text.trim() {
            "1" => Ok(Self::One),
            "infinite" | "infinity" => Ok(Self::Infinite),
            other => Err(Error::value(&dav::SYNC_LEVEL, "1 or infinite", other)),
        }
    }
}

impl XmlElement for SyncCollection {
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::SYNC_COLLECTION)?;
        let token = element
            .child(&dav::SYNC_TOKEN)
            .map(|token| token.text().trim().to_owned())
            .filter(|token| !token.is_empty())
            .map(SyncToken::new);
        let level = element
            .child(&dav::SYNC_LEVEL)
            .map(|level| SyncLevel::parse(&level.text()))
            .transpose()?;
        Ok(Self {
            token,
            level,
            limit: limit(element)?,
            selection: Selection::of_report(element)?,
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.element(&dav::SYNC_COLLECTION).content(|writer| {
            let token = self.token.as_ref().map_or("", SyncToken::as_str);
            writer.text_element(&dav::SYNC_TOKEN, token);
            if let Some(level) = self.level {
                writer.text_element(&dav::SYNC_LEVEL, level.as_str());
            }
            if let Some(limit) = self.limit {
                write_limit(writer, limit);
            }
            self.selection.write(writer);
        });
    }
}

/// `DAV:limit` (RFC 5323 section 5.17).
fn limit(parent: &Element) -> Result<Option<u64>, Error> {
    let Some(results) = parent
        .child(&dav::LIMIT)
        .and_then(|limit| limit.child(&dav::NRESULTS))
    else {
        return Ok(None);
    };
    let text = results.text();
    match text.trim().parse() {
        Ok(count) if count > 0 => Ok(Some(count)),
        _ => Err(Error::value(results.name(), "not a positive number", &text)),
    }
}

fn write_limit(writer: &mut Writer, limit: u64) {
    writer
        .element(&dav::LIMIT)
        .content(|writer| writer.text_element(&dav::NRESULTS, &limit.to_string()));
}
