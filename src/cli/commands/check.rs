//! `flowcheck check`: reads files, runs nothing.

use std::path::Path;

use super::main::complain;
use crate::cli::Exit;
use crate::cli::arguments::CheckArguments;
use crate::cli::terminal::console;
use crate::scenario::{load_app, load_scenario};

/// Reads every file, so that all mistakes are told at once.
pub(in crate::cli) fn check(arguments: &CheckArguments) -> Exit {
    let colour = console::colour_on_stderr();
    let mut exit = Exit::Good;
    for file in &arguments.files {
        let read = if is_app_file(file) { load_app(file).map(drop) } else { load_scenario(file).map(drop) };
        match read {
            Ok(()) => console::print_line(format_args!("{} is fine", file.display())),
            Err(found) => {
                if exit != Exit::Good {
                    console::print_error_line("");
                }
                exit = complain(Exit::Usage, &found.render(colour));
            }
        }
    }
    exit
}

fn is_app_file(file: &Path) -> bool {
    file.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name == "flowcheck.yaml" || name.ends_with(".flowcheck.yaml"))
}
