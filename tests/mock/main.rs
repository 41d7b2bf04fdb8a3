//! The fake Klaviyo, spoken to over real HTTP on loopback.

mod api;
mod authorize;
mod client;
mod control;
mod faults;
mod hostile;
mod pages;
mod secrets;
mod token;
mod uninstall;
