//! Runs on disk. No other room writes files that stay.
//!
//! - `run_folder` is a run's folder from its beginning on, and a run that did not end; `report_files` completes it, and writes the reports that were
//!   asked for.
//! - `run_store` reads a run back, and the history of earlier runs.
//! - `report_server` serves a stored run to a browser.
//! - `file` reads and writes one file; `temporary_folder` is where a run keeps what does not stay.

mod file;
mod report_files;
mod report_server;
mod run_folder;
mod run_store;
mod temporary_folder;

pub(super) use file::{WriteError, append, write};
pub(super) use report_files::{check_reports, html, screenshot, shots_of, write_reports, write_run};
pub(super) use report_server::ReportServer;
pub(super) use run_folder::{Begun, ResumeError, RunFolder, UnfinishedRun};
pub(super) use run_store::{StoredRun, StoredRunError, history};
pub(super) use temporary_folder::temporary_folder;
