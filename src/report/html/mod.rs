//! The report as one self-contained page: nothing is loaded, one script of its own, every screenshot embedded once.
//!
//! - [`html`](fn@html) makes the page: on top the verdict, then the checklist, the scenarios, and what is left to do by hand.
//! - `item` is one item of the checklist, `scenario` one scenario, `timeline` its steps, `exchange` a call to Klaviyo in words.
//! - `diagram` lays out the sequence diagrams; `compressed` packs the timelines, which are long and seldom opened.
//! - `screenshots` embeds the screenshots, `badge` is how a verdict looks, `sentence` a judge's sentence as HTML.
//! - `templates` are the page's parts; askama escapes whatever they are given.

mod anchor;
mod badge;
mod compressed;
mod diagram;
mod exchange;
mod item;
mod page;
mod scenario;
mod screenshots;
mod sentence;
mod timeline;

pub use page::html;
