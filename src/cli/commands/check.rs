//! `flowcheck check`: reads files, and runs nothing.

use std::path::Path;

use crate::cli::Exit;
use crate::cli::arguments::CheckArguments;
use crate::cli::command_error::CommandError;
use crate::cli::terminal::console;
use crate::scenario::{load_app, load_scenario};

/// Reads every file, so that the mistakes of all are shown at once.
pub(super) fn check(arguments: &CheckArguments) -> Exit {
    let mut exit = Exit::Good;
    for file in &arguments.files {
        let read = if is_app_file(file) {
            load_app(file).map(|app| app.notes)
        } else {
            load_scenario(file).map(|_| Vec::new())
        };
        match read {
            Ok(notes) => {
                console::print_notes(&notes);
                console::print_line(format_args!("{} is fine", file.display()));
            }
            Err(mistakes) => {
                if exit != Exit::Good {
                    console::print_error_line("");
                }
                exit = CommandError::from(mistakes).print();
            }
        }
    }
    exit
}

/// Whether a file describes an app: by its name, or by the section that only such a file has.
fn is_app_file(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let has_section =
        || std::fs::read_to_string(file).is_ok_and(|text| text.lines().any(|line| line.trim_end() == "klaviyo:"));
    name == "flowcheck.yaml" || name.ends_with(".flowcheck.yaml") || has_section()
}
