//! The mirror as the refresh sees it: blocking calls on threads of their own, our texts as values.

use std::sync::Arc;

use ringcard_core::{Contact, Timestamp};
use ringcard_mirror::{Delta, DeltaTally, FillState, Mirror, PageTally};

use crate::cursor::{self, Bookmark, SyncCursor};
use crate::plan::Before;
use crate::{About, Error};

/// The mirror that is being refreshed.
#[derive(Clone)]
pub(crate) struct Store(Arc<Mirror>);

/// What a delta brings.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    pub upserts: Vec<Contact>,
    pub gone: Vec<String>,
}

impl Store {
    pub fn new(mirror: &Arc<Mirror>) -> Self {
        Self(Arc::clone(mirror))
    }

    /// Is the mirror empty of owner, this organisation's, or another's? An empty one is claimed.
    pub async fn belongs_to(&self, organisation: &str) -> Result<bool, Error> {
        let organisation = organisation.to_owned();
        self.with(move |mirror| match mirror.account()? {
            Some(owner) => Ok(owner == organisation),
            None => mirror.set_account(&organisation).map(|()| true),
        })
        .await
    }

    pub async fn keep_about(&self, about: &About) -> Result<(), Error> {
        let about = cursor::write(about);
        self.with(move |mirror| mirror.set_about(&about)).await
    }

    pub async fn keep_modules(&self, names: &[String]) -> Result<u64, Error> {
        let names = names.to_vec();
        self.with(move |mirror| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            mirror.keep_modules(&names)
        })
        .await
    }

    pub async fn before(&self, module: &str) -> Result<Before, Error> {
        let module = module.to_owned();
        self.with(move |mirror| {
            Ok(match mirror.fill_state(&module)? {
                FillState::NotStarted => Before::Nothing,
                FillState::Filling { page_token, .. } => page_token
                    .and_then(|text| cursor::read(&text))
                    .map_or(Before::Nothing, Before::Broken),
                FillState::Filled { .. } => mirror
                    .cursor(&module)?
                    .and_then(|text| cursor::read(&text))
                    .map_or(Before::Nothing, Before::Whole),
            })
        })
        .await
    }

    pub async fn begin(&self, module: &str) -> Result<(), Error> {
        let module = module.to_owned();
        self.with(move |mirror| mirror.begin_generation(&module))
            .await
    }

    pub async fn page(
        &self,
        module: &str,
        contacts: Vec<Contact>,
        bookmark: &Bookmark,
    ) -> Result<PageTally, Error> {
        let (module, bookmark) = (module.to_owned(), cursor::write(bookmark));
        self.with(move |mirror| mirror.upsert_page(&module, &contacts, Some(&bookmark)))
            .await
    }

    pub async fn finish(
        &self,
        module: &str,
        cursor: &SyncCursor,
        at: Timestamp,
    ) -> Result<u64, Error> {
        let (module, cursor) = (module.to_owned(), cursor::write(cursor));
        self.with(move |mirror| mirror.finish_generation(&module, &cursor, at))
            .await
    }

    pub async fn delta(
        &self,
        module: &str,
        changed: Changed,
        (cursor, at): (&SyncCursor, Timestamp),
    ) -> Result<DeltaTally, Error> {
        let (module, cursor) = (module.to_owned(), cursor::write(cursor));
        self.with(move |mirror| {
            let delta = Delta {
                upserts: &changed.upserts,
                deleted_ids: &changed.gone,
                cursor: &cursor,
                at,
            };
            mirror.apply_delta(&module, &delta)
        })
        .await
    }

    async fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Mirror) -> Result<T, ringcard_mirror::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let mirror = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || act(&mirror)).await;
        match done {
            Ok(outcome) => Ok(outcome?),
            Err(failure) => std::panic::resume_unwind(failure.into_panic()),
        }
    }
}
