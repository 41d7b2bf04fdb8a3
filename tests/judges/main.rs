//! The judges against recorded evidence: no browser, no app, no clock.
//!
//! `fixtures/evidence` holds what the fixture app's runs looked like, one file per scenario: `honest/` without a defect, and a
//! folder for each seeded defect. `record` writes them anew; everything else here only reads them.

mod adding_up;
mod api_use;
mod authentication;
#[path = "../defects/embedded.rs"]
mod embedded;
mod failure_on_a_terminal;
#[path = "../fixture_app/mod.rs"]
mod fixture_app;
mod frames;
mod items;
mod messages;
mod mutated_evidence;
mod mutations;
mod one_cause_told_once;
mod probes;
mod record;
mod recordings;
mod secrets;
mod settings_url;
mod shapes;
mod statements;
#[path = "../defects/table.rs"]
mod table;
mod truncation;
mod unreached;
mod users;
mod verdict_golden;
