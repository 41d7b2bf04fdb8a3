//! The fake Klaviyo, spoken to over real HTTP on loopback.

mod api;
mod authorize;
mod breadth;
mod client;
mod company;
mod control;
mod faults;
mod hostile;
mod pages;
mod query;
mod relationships;
mod revisions;
mod sdk;
mod secrets;
mod standards;
mod state;
mod table;
mod token;
mod token_life;
mod uninstall;
mod users;
