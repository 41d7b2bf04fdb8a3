//! An error with its causes, in one line.

use std::error::Error;

/// The innermost cause: "connection refused", not "client error".
pub fn root_cause(error: &dyn Error) -> String {
    let mut root_cause = error;
    while let Some(cause) = root_cause.source() {
        root_cause = cause;
    }
    root_cause.to_string()
}

/// The error and what caused it, joined by colons; what an error already quotes of its cause is not said twice.
pub fn error_chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = text + ": " + &said;
        }
        next = cause.source();
    }
    text
}
