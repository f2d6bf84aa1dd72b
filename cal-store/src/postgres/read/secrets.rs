//! Reading secrets, which stay sealed.

use tokio_postgres::Row;

use super::{Reader, after};
use crate::postgres::row::one_more;
use crate::{Cursor, Envelope, Error, KeptSecret, Page, PageRequest, SourceId, Timestamp};

impl Reader {
    pub(in crate::postgres) async fn secret(
        &self,
        source: &SourceId,
    ) -> Result<Option<KeptSecret>, Error> {
        const SECRET: &str = "SELECT source, envelope, modified FROM secrets \
             WHERE workspace_id = $1 AND source = $2";
        let found = self
            .row(SECRET, &[&self.workspace, &source.as_str()])
            .await?;
        found.as_ref().map(kept).transpose()
    }

    pub(in crate::postgres) async fn secrets(
        &self,
        page: &PageRequest,
    ) -> Result<Page<KeptSecret>, Error> {
        const SECRETS: &str = "SELECT source, envelope, modified FROM secrets \
             WHERE workspace_id = $1 AND source > $2 ORDER BY source LIMIT $3";
        let (after, limit) = (after(page)?, one_more(page.limit));
        let found = self
            .rows(SECRETS, &[&self.workspace, &after, &limit])
            .await?;
        let found = found.iter().map(kept).collect::<Result<_, _>>()?;
        Ok(Page::cut(found, page.limit, |last: &KeptSecret| {
            Cursor::new(last.source.as_str())
        }))
    }
}

fn kept(row: &Row) -> Result<KeptSecret, Error> {
    Ok(KeptSecret {
        source: SourceId::from_stored(row.try_get(0)?),
        envelope: Envelope::from_stored(row.try_get::<_, &str>(1)?),
        modified: Timestamp::from_millis(row.try_get(2)?),
    })
}
