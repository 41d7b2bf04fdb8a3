//! Loads a file: parses it, checks it against the schema, then checks its semantics.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::app_file::AppFile;
use super::diagnostic::{Diagnostic, Diagnostics, Source};
use super::schema::{APP, SCENARIO};
use super::script::Script;
use super::semantics;
use super::yaml::{check_schema, parse, read};

/// Largest file in bytes.
const LARGEST: u64 = 1 << 20;

/// A valid scenario.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The scenario.
    pub script: Script,
    /// Its file, as the user named it.
    pub file: String,
}

/// Loads a scenario from a file.
pub fn load_scenario(path: &Path) -> Result<Loaded, Diagnostics> {
    let (file, text) = text_of(path)?;
    parse_scenario(&file, &text)
}

/// Loads a scenario from the text of `file`.
pub fn parse_scenario(file: &str, source: &str) -> Result<Loaded, Diagnostics> {
    small_enough(file, source.len() as u64)?;
    let source = Source::new(file, source);
    let mut errors = Vec::new();
    let tree = parse(&source, &mut errors)?;
    errors.extend(check_schema(&source, &tree, &SCENARIO, "the scenario"));
    Diagnostics::none_of(errors)?;
    let script: Script = read(&source, None)?;
    Diagnostics::none_of(semantics::check_script(&source, &tree, &script))?;
    Ok(Loaded { script, file: file.to_owned() })
}

/// Loads `flowcheck.yaml` from a file; `${NAME}` is read from this process's environment.
pub fn load_app(path: &Path) -> Result<AppFile, Diagnostics> {
    let (file, text) = text_of(path)?;
    parse_app(&file, &text)
}

/// Loads `flowcheck.yaml` from the text of `file`; `${NAME}` is read from this process's environment.
pub fn parse_app(file: &str, source: &str) -> Result<AppFile, Diagnostics> {
    parse_app_with(file, source, &|name| std::env::var(name).ok())
}

/// Loads `flowcheck.yaml` from the text of `file`; `environment` returns the value of `${NAME}`.
pub fn parse_app_with(
    file: &str,
    source: &str,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<AppFile, Diagnostics> {
    small_enough(file, source.len() as u64)?;
    let source = Source::new(file, source);
    let mut errors = Vec::new();
    let mut tree = parse(&source, &mut errors)?;
    let (variables, unset) = semantics::expand_variables(&source, &mut tree, environment);
    let form = check_schema(&source, &tree, &APP, "flowcheck.yaml");
    // A line with an unset variable cannot match the schema.
    errors.extend(form.into_iter().filter(|error| unset.iter().all(|earlier| earlier.line != error.line)));
    errors.extend(unset);
    Diagnostics::none_of(errors)?;
    let app: AppFile = read(&source, Some(variables))?;
    let (notes, errors) = semantics::check_app(&source, &tree, &app).into_iter().partition(|found| found.is_note);
    Diagnostics::none_of(errors)?;
    Ok(AppFile { notes, ..app.with_absent() })
}

/// A file's name, as the user gave it, and its text.
fn text_of(path: &Path) -> Result<(String, String), Diagnostics> {
    let file = path.display().to_string();
    let refuse = |message: String, help: Option<&str>| Diagnostic::of_file(&file, message, help.map(str::to_owned));
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => refuse("there is no such file".to_owned(), None),
        io::ErrorKind::PermissionDenied => refuse("this file cannot be read: permission denied".to_owned(), None),
        _ => refuse(format!("this file cannot be read: {error}"), None),
    };
    let opened = File::open(path).map_err(unreadable)?;
    if opened.metadata().map_err(unreadable)?.is_dir() {
        return Err(refuse("this is a folder".to_owned(), Some("name a file in it")).into());
    }
    let mut bytes = Vec::new();
    opened.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    small_enough(&file, bytes.len() as u64)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((file, text)),
        Err(error) => {
            let line = error.as_bytes()[..error.utf8_error().valid_up_to()].split(|byte| *byte == b'\n').count();
            Err(refuse(format!("line {line} is not UTF-8 text"), Some("save the file as UTF-8")).into())
        }
    }
}

fn small_enough(file: &str, bytes: u64) -> Result<(), Diagnostics> {
    if bytes <= LARGEST {
        return Ok(());
    }
    Err(Diagnostic::of_file(file, "this file is larger than 1 MiB".to_owned(), Some("name a smaller file".to_owned()))
        .into())
}
