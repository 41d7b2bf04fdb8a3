//! Reports of runs, and the pages of docs that are generated from the program.

mod checklist_page;
mod ci_gates;
mod evidence_builder;
mod failure_example;
mod field_tables;
mod formats;
mod html;
mod html_accessibility;
mod html_browser;
mod html_interaction;
mod json;
mod junit;
mod named_tests;
mod progress;
mod requirements_page;
mod sample;
mod sample_report;
mod screenshot_png;
mod standards_page;
#[expect(dead_code, reason = "which scenarios show a defect is not asked here")]
#[path = "../defects/table.rs"]
mod table;
mod terminal;
