//! What the reports say of a believable run.

mod accessible;
mod checklist_page;
mod formats;
mod gates;
mod html;
mod json;
mod junit;
mod kept_sample;
mod opened;
mod picture;
mod progress;
mod sample;
mod script;
#[expect(dead_code, reason = "which scenarios show a defect is not asked here")]
#[path = "../defects/table.rs"]
mod table;
mod terminal;
mod used;
