//! Reading one module: pages of a list, pages of deletions, one number, how many there are.

use std::time::Duration;

use ringcard_core::Timestamp;
use serde_json::Value;

use super::client::{Call, Reply};
use super::source::{ZohoSource, belongs_to_module, call};
use super::walk::{self, Place};
use super::{error, wire};
use crate::{Cursor, DeletedPage, Error, ErrorKind, ListRequest, Module, Page, PageToken, Tally};

/// A cursor looks back behind the server's time: Zoho's times have whole seconds, and what was
/// being written while we asked has an earlier time than our answer.
const OVERLAP: Duration = Duration::from_secs(5 * 60);
impl ZohoSource {
    pub(super) async fn read_page(&self, request: ListRequest<'_>) -> Result<Page, Error> {
        let place = request.page.map(Place::read);
        let reply = match place {
            Some(Place { by_id: true, .. }) => None,
            _ => match self.ask(walk::list_call(&request, place.as_ref())).await {
                Ok(reply) => Some(reply),
                Err(error) if is_end_of_walk(&error, place.as_ref()) => None,
                Err(error) => return Err(of_module(error, request.module)),
            },
        };
        match (reply, place) {
            (Some(reply), place) => self.page(&request, reply, place),
            (None, Some(place)) => {
                let call = walk::keyset_call(&request, &place);
                let outcome = self.ask(call).await;
                let reply = outcome.map_err(|error| of_module(error, request.module))?;
                let place = Place {
                    by_id: true,
                    ..place
                };
                self.page(&request, reply, Some(place))
            }
            (None, None) => Err(error::not_a_crm(200)),
        }
    }

    fn page(
        &self,
        request: &ListRequest<'_>,
        reply: Reply,
        place: Option<Place>,
    ) -> Result<Page, Error> {
        let by_id = place.as_ref().is_some_and(|place| place.by_id);
        let began = match place {
            Some(place) => place.began,
            None => reply.date.and_then(|date| wire::iso(back(date))),
        };
        let body = reply.body.unwrap_or_default();
        let rows = wire::rows(&body, "data");
        let next = walk::next(&body, rows, (by_id, began.clone()))?;
        let mut page = self.contacts(request.module, rows);
        page.next = next;
        page.cursor = began.map(Cursor);
        page.tally = Tally {
            calls: 1,
            credits: if by_id { 3 } else { 1 },
        };
        Ok(page)
    }

    fn contacts(&self, module: &Module, rows: &[Value]) -> Page {
        let mut page = Page::default();
        for row in rows {
            let Some(contact) = wire::contact(&self.integration, module, row) else {
                continue;
            };
            let is_lost = wire::is_converted(row) && contact.converted_to.is_none();
            if is_lost {
                page.gone.push(contact.record.id);
            } else {
                page.contacts.push(contact);
            }
        }
        page
    }

    pub(super) async fn read_deleted(
        &self,
        module: &Module,
        (since, page): (Option<&Cursor>, Option<&PageToken>),
    ) -> Result<DeletedPage, Error> {
        let number = page.map_or(Ok(1), |page| page.0.parse::<u32>());
        let number = number.map_err(|_| error::of_kind(ErrorKind::BadRequest))?;
        let call = Call {
            path: format!("{}/deleted", module.name),
            query: vec![
                ("type", "all".to_owned()),
                ("page", number.to_string()),
                ("per_page", "200".to_owned()),
            ],
            since: since.map(|cursor| cursor.0.clone()),
            coql: None,
        };
        let outcome = self.ask(call).await;
        let reply = outcome.map_err(|error| of_module(error, module))?;
        let body = reply.body.unwrap_or_default();
        let more = wire::has_more(&body);
        Ok(DeletedPage {
            ids: wire::rows(&body, "data")
                .iter()
                .filter_map(wire::id)
                .collect(),
            next: more.then(|| PageToken((number + 1).to_string())),
            tally: Tally {
                calls: 1,
                credits: 2,
            },
        })
    }

    pub(super) async fn read_count(&self, module: &Module) -> Result<(Option<u64>, Tally), Error> {
        let reply = self
            .ask(call(&format!("{}/actions/count", module.name)))
            .await;
        let body = reply.map_err(|error| of_module(error, module))?.body;
        let tally = Tally {
            calls: 1,
            credits: 50,
        };
        let count = body.and_then(|body| body.get("count")?.as_u64());
        Ok((count, tally))
    }

    pub(super) async fn search_number(&self, module: &Module, number: &str) -> Result<Page, Error> {
        let is_plain = |c: &char| c.is_ascii_digit() || "+ -().".contains(*c);
        let number: String = number.chars().filter(is_plain).take(50).collect();
        let mut search = call(&format!("{}/search", module.name));
        search.query = vec![
            ("phone", number),
            ("fields", walk::field_list(module)),
            ("per_page", "200".to_owned()),
        ];
        let outcome = self.ask(search).await;
        let reply = outcome.map_err(|error| of_module(error, module))?;
        let body = reply.body.unwrap_or_default();
        let mut page = self.contacts(module, wire::rows(&body, "data"));
        page.tally = Tally {
            calls: 1,
            credits: 3,
        };
        Ok(page)
    }
}

fn back(date: Timestamp) -> Timestamp {
    let overlap = i64::try_from(OVERLAP.as_millis()).expect("five minutes are few milliseconds");
    Timestamp(date.0 - overlap)
}

fn is_end_of_walk(error: &Error, place: Option<&Place>) -> bool {
    error.kind == ErrorKind::TooManyRecords && place.is_some_and(|place| !place.last_id.is_empty())
}

fn of_module(mut error: Error, module: &Module) -> Error {
    if belongs_to_module(&error) || error.kind == ErrorKind::TooManyRecords {
        error.module = Some(module.name.clone());
    }
    error
}
