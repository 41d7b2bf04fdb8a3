//! Expands `${NAME}` in `flowcheck.yaml` from the environment, which keeps secrets out of the file.

use std::collections::HashMap;

use crate::scenario::diagnostic::{Diagnostic, Source, quote};
use crate::scenario::yaml::{Kind, Node};

/// Replaces every `${NAME}` in values, not in keys. `$$` is a dollar sign, as is a dollar sign before anything else. Returns the
/// variables used, and an error for each that is not set.
pub(crate) fn expand_variables(
    source: &Source,
    tree: &mut Node,
    environment: &dyn Fn(&str) -> Option<String>,
) -> (HashMap<String, String>, Vec<Diagnostic>) {
    let (mut variables, mut errors) = (HashMap::new(), Vec::new());
    let mut ask = |name: &str| {
        let value = environment(name)?;
        variables.insert(name.to_owned(), value.clone());
        Some(value)
    };
    expand(source, tree, &mut ask, &mut errors);
    (variables, errors)
}

fn expand(
    source: &Source,
    node: &mut Node,
    environment: &mut dyn FnMut(&str) -> Option<String>,
    errors: &mut Vec<Diagnostic>,
) {
    match &mut node.kind {
        Kind::Sequence(items) => {
            for item in items {
                expand(source, item, environment, errors);
            }
        }
        Kind::Mapping(entries) => {
            for entry in entries {
                if entry.key.contains('$') {
                    let error = source.error(&entry.key_span, "a key cannot contain a dollar sign", "");
                    errors.push(error.help("`${NAME}` is allowed in values only; write the key itself"));
                }
                expand(source, &mut entry.value, environment, errors);
            }
        }
        Kind::Scalar { text, plain } => match filled(text, environment) {
            Ok(Some(full)) => {
                // A variable's value is text, even if it looks like a number or is empty.
                *text = full;
                *plain = false;
            }
            Ok(None) => {}
            Err(wrong) => {
                let (part, message, help) = match wrong {
                    Wrong::Unset(name) => (
                        format!("${{{name}}}"),
                        format!("the environment variable {} is not set", quote(&name)),
                        "set it before running flowcheck; write `$$` for a dollar sign".to_owned(),
                    ),
                    Wrong::Unclosed => (
                        "${".to_owned(),
                        "`${` is not followed by a name and `}`".to_owned(),
                        "write ${NAME}, or `$$` for a dollar sign".to_owned(),
                    ),
                };
                errors.push(source.error(&source.within(&node.span, &part), message, "").help(help));
            }
        },
    }
}

enum Wrong {
    Unset(String),
    Unclosed,
}

/// The text with its variables replaced; none if it contains none.
fn filled(text: &str, environment: &mut dyn FnMut(&str) -> Option<String>) -> Result<Option<String>, Wrong> {
    let mut full = String::new();
    let mut rest = text;
    let mut changed = false;
    while let Some((before, after)) = rest.split_once('$') {
        full.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            (changed, rest) = (true, after);
            full.push('$');
        } else if let Some(braced) = after.strip_prefix('{') {
            let (name, after) = braced.split_once('}').filter(|(name, _)| is_name(name)).ok_or(Wrong::Unclosed)?;
            full.push_str(&environment(name).ok_or_else(|| Wrong::Unset(name.to_owned()))?);
            (changed, rest) = (true, after);
        } else {
            full.push('$');
            rest = after;
        }
    }
    full.push_str(rest);
    Ok(changed.then_some(full))
}

fn is_name(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().all(letter) && text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced_once_and_dollar_signs_can_be_escaped() {
        let mut environment = |name: &str| (name == "SECRET").then(|| "s3${SECRET}$$".to_owned());
        let mut full = |text: &str| filled(text, &mut environment).ok().flatten();
        assert_eq!(full("a ${SECRET} b").as_deref(), Some("a s3${SECRET}$$ b"));
        assert_eq!(full("$${SECRET} costs $5").as_deref(), Some("${SECRET} costs $5"));
        assert_eq!(full("costs $5, 100%$"), None);
    }

    #[test]
    fn unset_variables_and_unclosed_braces_are_refused() {
        for text in ["${MISSING}", "${", "${}", "${1}", "${A B}", "${A"] {
            assert!(filled(text, &mut |_| None).is_err(), "{text}");
        }
    }
}
