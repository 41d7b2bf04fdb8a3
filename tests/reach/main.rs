//! Apps that have Klaviyo's own hosts written into them, run through scenarios as they are.

#[path = "../harbour/mod.rs"]
mod harbour;

mod config;
mod env;
mod hermetic;
mod hosts;
mod program;
mod proof;
