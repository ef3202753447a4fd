//! Reading a module into the mirror: whole, page by page, or what changed, at once.

use ringcard_crm::{Cursor, ErrorKind, ListRequest, Module, Page, PageToken};

use crate::cursor::{Bookmark, SyncCursor};
use crate::report::ModuleReport;
use crate::run::Run;
use crate::store::Changed;
use crate::{Error, SyncKind};

/// How often a reading begins anew when the CRM forgets where it was.
const MOST_RESTARTS: u32 = 3;
/// More changes than these are a mass edit: the module is read whole, page by page.
const LARGEST_DELTA: usize = 20_000;
/// What counting the records before a first reading may cost of what is left.
const COUNT_PRICE: u32 = 50;

impl Run<'_> {
    /// Reads a module whole from its first page.
    pub async fn fill(&mut self, module: &Module, first: bool) -> Result<ModuleReport, Error> {
        let total = self.expected(module, first).await?;
        self.store.begin(&module.name).await?;
        let bookmark = Bookmark {
            began_at: self.now(),
            total,
            ..Bookmark::default()
        };
        let done = ModuleReport::of(&module.name, SyncKind::Full);
        self.pages(module, (bookmark, true), done).await
    }

    /// Goes on with a whole reading that was broken off.
    pub async fn resume(
        &mut self,
        module: &Module,
        bookmark: Bookmark,
    ) -> Result<ModuleReport, Error> {
        let done = ModuleReport::of(&module.name, SyncKind::Full);
        self.pages(module, (bookmark, false), done).await
    }

    /// `at_start`: the first page is still to be read. Else the bookmark's page is, or only the
    /// end is left.
    async fn pages(
        &mut self,
        module: &Module,
        (mut bookmark, mut at_start): (Bookmark, bool),
        mut done: ModuleReport,
    ) -> Result<ModuleReport, Error> {
        let mut restarts = 0;
        while at_start || bookmark.page.is_some() {
            let page = match self.page(module, (None, bookmark.page.as_ref())).await {
                Err(Error::Crm(error))
                    if error.kind == ErrorKind::PageTokenExpired && restarts < MOST_RESTARTS =>
                {
                    restarts += 1;
                    self.store.begin(&module.name).await?;
                    bookmark = Bookmark {
                        began_at: self.now(),
                        total: bookmark.total,
                        ..Bookmark::default()
                    };
                    at_start = true;
                    continue;
                }
                outcome => outcome?,
            };
            if at_start {
                bookmark.cursor = page.cursor;
            }
            (bookmark.page, at_start) = (page.next, false);
            let read = page.contacts.len() as u64;
            bookmark.read += read;
            let stored = self
                .store
                .page(&module.name, page.contacts, &bookmark)
                .await?;
            done.read += read;
            done.new += stored.new;
            done.changed += stored.changed;
            self.tell(&done, read, Some(&bookmark));
        }
        let began_at = bookmark.began_at;
        let cursor = SyncCursor {
            changed: bookmark.cursor.clone(),
            deleted: bookmark.cursor,
            deleted_at: began_at,
            whole_at: began_at,
        };
        done.deleted = self.store.finish(&module.name, &cursor, began_at).await?;
        Ok(done)
    }

    /// Reads what changed since the cursor, and stores it in one transaction.
    pub async fn delta(
        &mut self,
        module: &Module,
        (mut cursor, since, deletions): (SyncCursor, Cursor, bool),
    ) -> Result<ModuleReport, Error> {
        let mut done = ModuleReport::of(&module.name, SyncKind::Delta);
        let asked_at = self.now();
        let Some((mut changed, next)) = self.changes(module, &since).await? else {
            return self.fill(module, false).await;
        };
        // Deletions are asked for after the changes: what went in between is gone.
        if deletions {
            let gone = self.deletions(module, cursor.deleted.as_ref()).await?;
            changed.gone.extend(gone);
            cursor.deleted.clone_from(&next);
            cursor.deleted_at = asked_at;
        }
        cursor.changed = next;
        done.read = changed.upserts.len() as u64;
        let stored = self
            .store
            .delta(&module.name, changed, (&cursor, asked_at))
            .await?;
        (done.new, done.changed, done.deleted) = (stored.new, stored.changed, stored.deleted);
        let read = done.read;
        self.tell(&done, read, None);
        Ok(done)
    }

    /// Everything that changed, with the next cursor; `None` when it is too much for one piece.
    async fn changes(
        &mut self,
        module: &Module,
        since: &Cursor,
    ) -> Result<Option<(Changed, Option<Cursor>)>, Error> {
        let mut restarts = 0;
        let mut changed = Changed::default();
        let mut cursor = Some(since.clone());
        let mut next: Option<PageToken> = None;
        loop {
            let is_first = next.is_none();
            let page = match self.page(module, (Some(since), next.as_ref())).await {
                Err(Error::Crm(error))
                    if error.kind == ErrorKind::PageTokenExpired && restarts < MOST_RESTARTS =>
                {
                    restarts += 1;
                    (changed, next) = (Changed::default(), None);
                    continue;
                }
                outcome => outcome?,
            };
            if is_first {
                // Without a time of the server the window stays open where it was.
                cursor = page.cursor.or_else(|| Some(since.clone()));
            }
            changed.upserts.extend(page.contacts);
            changed.gone.extend(page.gone);
            next = page.next;
            if next.is_none() {
                return Ok(Some((changed, cursor)));
            }
            if changed.upserts.len() > LARGEST_DELTA {
                return Ok(None);
            }
        }
    }

    async fn deletions(
        &mut self,
        module: &Module,
        since: Option<&Cursor>,
    ) -> Result<Vec<String>, Error> {
        let mut ids = Vec::new();
        let mut next = None;
        loop {
            self.may_spend(2)?;
            let page = self.source.deleted(module, since, next.as_ref()).await;
            let page = self.count_cost(page)?;
            ids.extend(page.ids);
            next = page.next;
            if next.is_none() {
                return Ok(ids);
            }
        }
    }

    async fn page(
        &mut self,
        module: &Module,
        (since, page): (Option<&Cursor>, Option<&PageToken>),
    ) -> Result<Page, Error> {
        self.may_spend(1)?;
        let request = ListRequest {
            module,
            since,
            page,
        };
        let page = self.source.list(request).await;
        self.count_cost(page)
    }

    /// How many records to expect, for the percentage. Only a first reading asks the CRM, and only
    /// when there is plenty left of the day.
    async fn expected(&mut self, module: &Module, first: bool) -> Result<Option<u64>, Error> {
        let is_affordable = self.left().is_none_or(|left| left >= 10 * COUNT_PRICE);
        if !first || !is_affordable {
            return Ok(None);
        }
        let outcome = self.source.count(module).await;
        match self.count_cost(outcome) {
            Ok(total) => Ok(total),
            // The percentage is a courtesy: a module that cannot be counted can be read.
            Err(error) if crate::error::belongs_to_module(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
