//! The file that `flowcheck init` writes, or completes.

use std::io::Write as _;
use std::path::Path;

use super::arguments::InitArguments;
use super::command_error::CommandError;
use super::terminal::console;
use crate::init::{Draft, EnvFile, ExistingError, read_existing};

/// What the file says that is there already, to be gone on from; none where a new one is written.
pub(super) fn read(arguments: &InitArguments, env_file: &EnvFile) -> Result<Option<Draft>, CommandError> {
    let file = &arguments.config;
    if !file.exists() || arguments.force {
        return Ok(None);
    }
    let name = file.display();
    let other_file = "overwrite it: --force; or name another file: --config FILE";
    let text = std::fs::read_to_string(file).map_err(|error| {
        CommandError::usage(format!("{name} exists already, and cannot be read: {error}")).remedy(other_file)
    })?;
    let variable = |name: &str| std::env::var(name).ok().or_else(|| env_file.value(name));
    match read_existing(&name.to_string(), &text, &variable) {
        Ok(draft) => Ok(Some(draft)),
        Err(ExistingError::Mistakes(mistakes)) => Err(CommandError::from(mistakes).consequence(format!(
            "{name} was left as it is: correct it, and init completes it; or write a new one: --force, --config FILE"
        ))),
        Err(other @ (ExistingError::Another | ExistingError::Embedded)) => {
            Err(CommandError::usage(format!("{name} exists already, and {other}")).remedy(other_file))
        }
    }
}

/// Writes the whole file, or nothing.
pub(super) fn write(file: &Path, replaces: bool, text: &str) -> Result<(), CommandError> {
    let failed = |error: &dyn std::fmt::Display| {
        console::print_line(text);
        CommandError::environment(format!("{} cannot be written: {error}", file.display()))
            .consequence("its text is printed above")
    };
    // A link to a file stays one.
    let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let folder = real.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut whole =
        tempfile::Builder::new().prefix(".flowcheck-").tempfile_in(folder).map_err(|error| failed(&error))?;
    whole.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
    if let Ok(before) = real.metadata() {
        whole.as_file().set_permissions(before.permissions()).map_err(|error| failed(&error))?;
    }
    let kept = if replaces { whole.persist(&real) } else { whole.persist_noclobber(&real) };
    kept.map(drop).map_err(|error| failed(&error))
}

/// What to do next, for the user.
pub(super) fn next_steps(arguments: &InitArguments, draft: &Draft) -> String {
    let file = arguments.config.display().to_string();
    let what = match &draft.on_file {
        None => format!("Wrote {file}."),
        Some(before) if before.text == draft.text() => {
            format!("{file} has all that could be found out; it was left as it is.")
        }
        Some(_) => format!("Completed {file}; what you changed in it was left as it is."),
    };
    let mut lines = vec![format!("\n{what}")];
    if !draft.gaps.is_empty() {
        lines.push("Not all could be found out: look for NOT FOUND OUT in it, and for QUESTION.".to_owned());
    }
    if draft.start.is_none() {
        let said =
            draft.suggested.iter().map(|start| format!("  --start '{}', as {} says", start.command, start.found_in));
        let said: Vec<String> = said.collect();
        if !said.is_empty() {
            lines.push("flowcheck can start the app itself, and then follows an installation to its end:".to_owned());
            lines.extend(said);
        }
    }
    let unset: Vec<_> = draft.variables().into_iter().filter(|name| std::env::var_os(name).is_none()).collect();
    if !unset.is_empty() {
        lines.push("It takes secrets from the environment; set them first:".to_owned());
        let of_file = draft.client_secret.as_ref().map(|secret| &secret.name);
        lines.extend(unset.iter().map(|name| match &arguments.from_env {
            Some(from) if of_file.is_some_and(|secret| *secret == *name) && is_sourced(from) => {
                let from = from.display().to_string();
                format!("  set -a; . {}; set +a", if from.contains('/') { from } else { format!("./{from}") })
            }
            _ => format!("  export {name}=…"),
        }));
    }
    let config = if file == "flowcheck.yaml" { String::new() } else { format!(" --config {file}") };
    lines.push(format!("Next:\n  flowcheck doctor{config}\n  flowcheck run{config}"));
    lines.join("\n")
}

/// Whether a shell reads a `.env` as dotenv does: each line sets one word, and none has signs that a shell acts on.
fn is_sourced(file: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(file) else { return false };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.strip_prefix("export ").unwrap_or(line)).all(|line| {
        let is_word = shlex::split(line).is_some_and(|words| words.len() == 1);
        is_word && !line.contains(['$', '`', ';', '&', '|', '<', '>', '(', ')', '\\', '!'])
    })
}

/// What became of the file where `init` ended early.
pub(super) fn untouched(arguments: &InitArguments) -> String {
    let file = arguments.config.display();
    if arguments.config.exists() { format!("{file} was left as it is") } else { format!("{file} was not written") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_is_given_a_file_only_where_it_reads_it_as_dotenv_does() {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let sourced = |text: &str| {
            let file = folder.path().join(".env");
            std::fs::write(&file, text).expect("the file can be written");
            is_sourced(&file)
        };
        assert!(sourced("# a comment\n\nA=b # why\nexport C='d e'\n"));
        for text in ["A=b c", "A=b;c", "A=$B", "A=it's", "A=$(date)", "A=x&y"] {
            assert!(!sourced(text), "{text}");
        }
        assert!(!is_sourced(&folder.path().join("none")));
    }
}
