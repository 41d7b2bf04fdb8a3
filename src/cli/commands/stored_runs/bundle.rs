//! `flowcheck bundle`: packs a stored run into one zip, to go with the testing instructions.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use ring::digest::{SHA256, digest};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use crate::checklist::Outcome;
use crate::cli::Exit;
use crate::cli::arguments::BundleArguments;
use crate::cli::command_error::CommandError;
use crate::cli::store;
use crate::cli::store::StoredRun;
use crate::cli::terminal::console;
use crate::report;

/// Writes the zip: the page, the document, what made them, and a checksum of each.
pub(in crate::cli) fn bundle(arguments: &BundleArguments) -> Result<Exit, CommandError> {
    let run = StoredRun::read(&arguments.run)?;
    let outcome = &run.outcome;
    let mut files = vec![
        ("index.html", store::html(outcome, &run.shots())),
        ("run.json", report::json(outcome)),
        ("summary.md", report::markdown(outcome)),
        ("versions.txt", versions(outcome)),
    ];
    files.push(("SHA256SUMS", sums(&files)));
    let bytes =
        zipped(&files).map_err(|error| CommandError::environment(format!("the zip could not be made: {error}")))?;
    store::write(&arguments.to, &bytes)?;
    let sum = hex(digest(&SHA256, &bytes).as_ref());
    console::print_line(format_args!("{} ({} kB)", arguments.to.display(), bytes.len() / 1000));
    console::print_line(format_args!("sha256 {sum}"));
    Ok(Exit::Good)
}

fn zipped(files: &[(&str, String)]) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(format!("flowcheck/{name}"), SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The versions that made the run, for whoever examines it later.
fn versions(outcome: &Outcome) -> String {
    let run = &outcome.run;
    format!(
        "app         {}\nbegan       {}\nflowcheck   {}, bundled by {}\nbrowser     {}\nreport      version {}\n",
        run.app,
        run.began,
        run.flowcheck,
        env!("CARGO_PKG_VERSION"),
        run.browser,
        Outcome::VERSION,
    )
}

/// Checksums in the format of `sha256sum --check`.
fn sums(files: &[(&str, String)]) -> String {
    files.iter().fold(String::new(), |mut out, (name, text)| {
        // Writing to a string does not fail.
        let _ = writeln!(out, "{}  {name}", hex(digest(&SHA256, text.as_bytes()).as_ref()));
        out
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut out, byte| {
        // Writing to a string does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
