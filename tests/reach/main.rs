//! Unmodified apps, with Klaviyo's own hosts written into them, run through scenarios.

#[path = "../fixture_app/mod.rs"]
mod fixture_app;

mod config;
mod env;
mod hermetic;
mod hosts;
mod program;
mod proof;
