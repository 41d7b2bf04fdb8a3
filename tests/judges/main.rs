//! The judges against recorded evidence: no browser, no app, no clock.
//!
//! `fixtures/evidence` holds what the fixture app's runs looked like, one file per scenario: `honest/` without a defect, and a
//! folder for each seeded defect. `record` writes them anew; everything else here only reads them.

mod api_use;
#[path = "../defects/embedded.rs"]
mod embedded;
mod folded;
mod frames;
#[path = "../harbour/mod.rs"]
mod harbour;
mod items;
mod mutations;
mod probes;
mod record;
mod secrets;
mod shelf;
mod sums;
#[path = "../defects/table.rs"]
mod table;
mod told;
mod truncation;
mod twists;
mod unreached;
mod verdict_golden;
