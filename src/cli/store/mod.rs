//! Runs on disk. No other room writes files that stay.
//!
//! - `report_files` writes a run's folder and the reports that were asked for.
//! - `run_store` reads a run back, and the history of earlier runs.
//! - `report_server` serves a stored run to a browser.
//! - `temporary_folder` is where a run keeps what does not stay.

mod report_files;
mod report_server;
mod run_store;
mod temporary_folder;

pub(super) use report_files::{WriteError, append, html, is_plain, write_bytes, write_reports, write_run};
pub(super) use report_server::ReportServer;
pub(super) use run_store::{StoredRun, StoredRunError, history};
pub(super) use temporary_folder::temporary_folder;
