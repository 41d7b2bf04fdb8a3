//! What the reports say of a believable run.

mod accessible;
mod formats;
mod gates;
mod html;
mod json;
mod junit;
mod picture;
mod progress;
mod sample;
mod script;
mod terminal;
