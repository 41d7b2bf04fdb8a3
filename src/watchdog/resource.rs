//! The list of what is to be ended, as it goes through the pipe: a JSON document a line.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Something that must not outlive flowcheck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// A process group, by its id.
    ProcessGroup(i32),
    /// A temporary folder with all that is in it.
    Folder(PathBuf),
    /// A session of a WebDriver end on another machine.
    Session {
        /// Base URL of the WebDriver end, with credentials where it needs them.
        remote_end: String,
        /// The session's id.
        id: String,
    },
    /// A session that was asked for, and may come into being with nobody there to take it.
    PendingSession {
        /// Base URL of the WebDriver end, with credentials where it needs them.
        remote_end: String,
        /// The name that the session would bear.
        name: String,
    },
}

/// A line: something goes on the list, or is taken off it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) number: u64,
    /// None takes it off.
    pub(super) hold: Option<Resource>,
}

/// Listens until the other end of the pipe is closed, and returns what is on the list then, in the order in which it came.
pub fn leftover_resources(pipe: impl BufRead) -> Vec<Resource> {
    let mut list = BTreeMap::new();
    // A line that was cut off by the end of its writer says nothing.
    for line in pipe.lines().map_while(Result::ok).filter_map(|line| serde_json::from_str::<Line>(&line).ok()) {
        match line.hold {
            Some(resource) => list.insert(line.number, resource),
            None => list.remove(&line.number),
        };
    }
    list.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_taken_off_the_list_is_left() {
        let said = concat!(
            r#"{"number":1,"hold":{"folder":"/tmp/a"}}"#,
            "\n",
            r#"{"number":2,"hold":{"process_group":77}}"#,
            "\n",
            r#"{"number":3,"hold":{"session":{"remote_end":"http://grid:4444/","id":"x"}}}"#,
            "\n",
            r#"{"number":2,"hold":null}"#,
            "\n",
            r#"{"number":4,"hold":{"gro"#,
        );
        let session = Resource::Session { remote_end: "http://grid:4444/".to_owned(), id: "x".to_owned() };
        assert_eq!(leftover_resources(said.as_bytes()), [Resource::Folder("/tmp/a".into()), session]);
    }
}
