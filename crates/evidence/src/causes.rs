//! An error with its causes, in one line.

use std::error::Error;

/// The innermost cause: "connection refused", not "client error".
pub fn innermost(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}

/// The error and what caused it, joined by colons; what an error already quotes of its cause is not said twice.
pub fn in_full(error: &dyn Error) -> String {
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
