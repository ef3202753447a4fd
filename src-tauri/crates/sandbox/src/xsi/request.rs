//! What was asked of the server: which of its three roots, the words of the path, the document.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use url::form_urlencoded;

use super::Roots;
use super::xml::Element;
use crate::pbx::unescape;

/// The part of the interface that a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    Actions,
    Events,
    Channel,
}

/// One request, read whole.
pub(super) struct Request {
    pub root: Root,
    pub method: String,
    /// The parts of the path behind `v2.0`, decoded and in small letters: nothing here depends on them.
    pub words: Vec<String>,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Request {
    /// The method and the words of the path, to be matched.
    pub fn route(&self) -> (&str, Vec<&str>) {
        let words = self.words.iter().map(String::as_str).collect();
        (self.method.as_str(), words)
    }

    /// The first parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Whether a parameter says yes.
    pub fn says(&self, name: &str) -> bool {
        self.parameter(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The document in the body, if its root has this name.
    pub fn document(&self, name: &str) -> Option<Element> {
        let text = String::from_utf8_lossy(&self.body);
        Element::read(&text).filter(|element| element.name == name)
    }
}

/// Finds the root that a path is below, and the words behind it.
pub(super) fn place(roots: &Roots, path: &str) -> Option<(Root, Vec<String>)> {
    // The channel's root ends in the one of the events and is therefore asked first.
    let known = [
        (Root::Channel, &roots.channel),
        (Root::Events, &roots.events),
        (Root::Actions, &roots.actions),
    ];
    let path = path.trim_start_matches('/');
    let (root, rest) = known.into_iter().find_map(|(root, name)| {
        let rest = path.strip_prefix(name.trim_matches('/'))?;
        Some((root, rest.strip_prefix("/v2.0/")?))
    })?;
    let words = rest.trim_end_matches('/').split('/');
    let words = words.map(|word| unescape(word).to_ascii_lowercase());
    Some((root, words.collect()))
}

/// Splits `a=1&b=2` into its decoded pairs. A plus sign is a blank, as in every query.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// A request that the server got, for a test to look at. Nothing of the sign-in is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRequest {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The path as it came, without the query.
    pub path: String,
    /// The parameters of the query; the last of a repeated name.
    pub query: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}
