//! The mirror on a real file: filling, looking up, searching, and every way to be interrupted.

#[path = "it/arrange.rs"]
mod arrange;
#[path = "it/filling.rs"]
mod filling;
#[path = "it/forgetting.rs"]
mod forgetting;
#[path = "it/looking_up.rs"]
mod looking_up;
#[path = "it/opening.rs"]
mod opening;
#[path = "it/searching.rs"]
mod searching;
