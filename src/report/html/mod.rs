//! The report as one self-contained page: no script, nothing loaded, every screenshot embedded once.
//!
//! - [`html`](fn@html) makes the page: on top the verdict, then the checklist, the scenarios, and what is left by hand.
//! - `item` is one item of the checklist, `timeline` a scenario as it went, `exchange` a call to Klaviyo in words.
//! - `pictures` keeps the screenshots, `badge` how a verdict looks.
//! - The templates stand beside the code; askama escapes whatever they are given.

mod badge;
mod exchange;
mod item;
mod page;
mod pictures;
mod scenario;
mod timeline;

pub use page::html;
