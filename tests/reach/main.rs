//! Apps that have Klaviyo's own hosts written into them, run through scenarios as they are.

#[path = "../harbour/mod.rs"]
mod harbour;

mod env;
mod program;
mod proof;
