//! `flowcheck bundle`: a kept run as one zip, to go with the testing instructions.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use ring::digest::{SHA256, digest};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use crate::checklist::Outcome;
use crate::cli::Exit;
use crate::cli::arguments::BundleArguments;
use crate::cli::commands::main::complain;
use crate::cli::store;
use crate::cli::store::StoredRun;
use crate::cli::terminal::console;
use crate::evidence::error_chain;
use crate::report;

/// Writes the zip: the page, the document, what made them, and a checksum of each.
pub(in crate::cli) fn bundle(arguments: &BundleArguments) -> Exit {
    let kept = match StoredRun::read(&arguments.run) {
        Ok(kept) => kept,
        Err(error) => return complain(Exit::Usage, &error_chain(&error)),
    };
    let outcome = &kept.outcome;
    let mut files = vec![
        ("index.html", store::html(outcome, &kept.shots())),
        ("run.json", report::json(outcome)),
        ("summary.md", report::markdown(outcome)),
        ("versions.txt", versions(outcome)),
    ];
    files.push(("SHA256SUMS", sums(&files)));
    let bytes = match zipped(&files) {
        Ok(bytes) => bytes,
        Err(error) => return complain(Exit::Environment, &format!("the zip could not be made: {error}")),
    };
    if let Err(error) = store::write_bytes(&arguments.to, &bytes) {
        return complain(Exit::Environment, &error_chain(&error));
    }
    let sum = hex(digest(&SHA256, &bytes).as_ref());
    console::print_line(format_args!("{} ({} kB)", arguments.to.display(), bytes.len() / 1000));
    console::print_line(format_args!("sha256 {sum}"));
    Exit::Good
}

fn zipped(files: &[(&str, String)]) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(format!("flowcheck/{name}"), SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// What made the run, for who looks at it later.
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

/// As `sha256sum --check` reads them.
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
