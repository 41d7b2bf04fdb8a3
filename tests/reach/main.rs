//! Unmodified apps, with Klaviyo's own hosts written into them, run through scenarios.

#[path = "../harbour/mod.rs"]
mod harbour;

mod config;
mod env;
mod hermetic;
mod hosts;
mod program;
mod proof;
