//! The judges against recorded evidence: no browser, no app, no clock.
//!
//! `fixtures/evidence` holds what the fixture app's runs looked like, one file per scenario: `honest/` without a defect, and a
//! folder for each seeded defect. `record` writes them anew; everything else here only reads them.

mod api_use;
mod authentication;
#[path = "../defects/embedded.rs"]
mod embedded;
#[path = "../fixture_app/mod.rs"]
mod fixture_app;
mod folded;
mod frames;
mod items;
mod messages;
mod mutated_evidence;
mod mutations;
mod probes;
mod record;
mod recordings;
mod secrets;
mod settings_url;
mod shapes;
mod statements;
mod sums;
#[path = "../defects/table.rs"]
mod table;
mod told;
mod truncation;
mod unreached;
mod users;
mod verdict_golden;
