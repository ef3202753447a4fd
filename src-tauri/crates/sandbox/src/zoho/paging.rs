//! Page tokens: where a walk through a list stands, bound to its query and to a day.

use std::collections::BTreeMap;

/// A page token lives a day.
const TOKEN_SECONDS: i64 = 24 * 3600;
/// No walk sees more rows than these.
const WALK_ROWS: usize = 100_000;

/// Where a walk stands: behind the row with this key.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The query that the token was made for, without `page_token`.
    pub query: String,
    /// The sort key of the last row that was given.
    pub behind: (i64, u64),
    pub rows: usize,
    pub page: usize,
    pub expires: i64,
}

/// The tokens that were given out.
#[derive(Debug)]
pub(super) struct PageTokens {
    places: BTreeMap<String, Place>,
    next_number: u64,
    /// How many rows a walk may see.
    pub walk_rows: usize,
}

impl Default for PageTokens {
    fn default() -> Self {
        Self {
            places: BTreeMap::new(),
            next_number: 0,
            walk_rows: WALK_ROWS,
        }
    }
}

impl PageTokens {
    /// Makes a token for a place, which then expires in a day.
    pub fn make(&mut self, mut place: Place, now: i64) -> (String, i64) {
        self.next_number += 1;
        let token = format!("c8582xx{:010x}e7c7", self.next_number * 0x9e37_79b1);
        place.expires = now + TOKEN_SECONDS;
        let expires = place.expires;
        self.places.insert(token.clone(), place);
        (token, expires)
    }

    /// The place of a token.
    pub fn find(&self, token: &str) -> Option<&Place> {
        self.places.get(token)
    }

    /// Lets every token run out.
    pub fn expire(&mut self) {
        for place in self.places.values_mut() {
            place.expires = 0;
        }
    }
}
