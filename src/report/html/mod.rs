//! The report as one self-contained page: nothing loaded, one script of its own, every screenshot embedded once.
//!
//! - [`html`](fn@html) makes the page: on top the verdict, then the checklist, the scenarios, and what is left by hand.
//! - `item` is one item of the checklist, `timeline` a scenario as it went, `exchange` a call to Klaviyo in words.
//! - `diagram` draws who spoke with whom; `packed` keeps what is long and seldom read small.
//! - `pictures` keeps the screenshots, `badge` how a verdict looks.
//! - `prose` is a sentence of a judge's as a page shows it.
//! - The templates stand beside the code; askama escapes whatever they are given.

mod badge;
mod diagram;
mod exchange;
mod item;
mod packed;
mod page;
mod pictures;
mod prose;
mod scenario;
mod timeline;

pub use page::html;
