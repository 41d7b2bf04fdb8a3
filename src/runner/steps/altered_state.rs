//! States that differ from the one an app sent, each in its own way.

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::scenario::CallbackWith;

/// What a longer state ends with: good in every alphabet that states are written in, and enough to change what they decode to.
const SURPLUS: &str = "0a1b2c3A";
/// Marks between the contents of a state and their signature, beside the dot.
const MARKS: [&str; 6] = ["--", ":", "|", "~", "!", ","];
/// Characters that a signature after one of these has at least; what is shorter may be a word of the contents.
const SIGNATURE: usize = 16;
/// Encodings of JSON that apps use for a state with contents.
const ENCODINGS: [GeneralPurpose; 4] =
    [BASE64_URL_SAFE_NO_PAD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_STANDARD];

/// A state that cannot be changed so: it has no signature, or none but hexadecimal digits, which mean the same in both cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unchangeable;

/// The `state` of a callback that is opened, if any: as it was sent, but for what is wrong with it.
pub(super) fn state_with(with: CallbackWith, sent: Option<&str>) -> Result<Option<String>, Unchangeable> {
    let state = sent.unwrap_or_default();
    let changed = match with {
        CallbackWith::Missing => return Ok(None),
        CallbackWith::Foreign | CallbackWith::Replayed | CallbackWith::Hostile | CallbackWith::OtherUsers => {
            return Ok(sent.map(str::to_owned));
        }
        CallbackWith::Empty => String::new(),
        CallbackWith::Altered => altered(state),
        CallbackWith::Shorter => half(state).ok_or(Unchangeable)?,
        CallbackWith::Longer => longer(state),
        CallbackWith::OtherCase => other_case(state).ok_or(Unchangeable)?,
        CallbackWith::Unsigned => unsigned(state).ok_or(Unchangeable)?,
        CallbackWith::ReEncoded => re_encoded(state).ok_or(Unchangeable)?,
    };
    Ok(Some(changed))
}

/// The same but for one character near the middle: the last ones of an encoded value may carry no bits of it.
fn altered(state: &str) -> String {
    let mut characters: Vec<char> = state.chars().collect();
    let middle = characters.len() / 2;
    match characters.get_mut(middle) {
        Some(character) => *character = if *character == 'b' { 'c' } else { 'b' },
        None => characters.push('b'),
    }
    characters.into_iter().collect()
}

/// The same with more at its end. What comes after the padding of an encoded value is no part of it.
fn longer(state: &str) -> String {
    let value = state.trim_end_matches('=');
    format!("{value}{SURPLUS}{padding}", padding = &state[value.len()..])
}

fn half(state: &str) -> Option<String> {
    let length = state.chars().count() / 2;
    (length > 0).then(|| state.chars().take(length).collect())
}

/// The same with small letters for capitals, and the other way round. Letters of one case alone may be digits (of a UUID, for
/// example), which a database reads in either.
fn other_case(state: &str) -> Option<String> {
    let both = state.contains(|c: char| c.is_ascii_lowercase()) && state.contains(|c: char| c.is_ascii_uppercase());
    let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    both.then(|| state.chars().map(swap).collect())
}

/// The contents without their signature; of a JSON Web Token, with a header that says that there is none.
fn unsigned(state: &str) -> Option<String> {
    let by_dot = state.rsplit_once('.').filter(|(_, signature)| !signature.is_empty());
    let by_mark = || {
        let parts = MARKS.iter().filter_map(|mark| state.rsplit_once(*mark));
        parts.filter(|(_, signature)| signature.len() >= SIGNATURE).min_by_key(|(_, signature)| signature.len())
    };
    let (contents, _) = by_dot.or_else(by_mark).filter(|(contents, _)| !contents.is_empty())?;
    Some(match contents.split_once('.') {
        Some((header, claims)) if decoded(header).is_some() => {
            format!("{}.{claims}.", BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#))
        }
        _ => contents.to_owned(),
    })
}

/// Other contents in the same encoding, with the signature of the old.
fn re_encoded(state: &str) -> Option<String> {
    let parts: Vec<&str> = state.split('.').collect();
    // Of a JSON Web Token the first part is a header.
    let index = usize::from(parts.len() == 3);
    let (mut contents, encoding) = decoded(parts.get(index)?)?;
    let changed = change(&mut contents);
    let mut parts: Vec<String> = parts.into_iter().map(str::to_owned).collect();
    parts[index] = encoding.encode(contents.to_string());
    changed.then(|| parts.join("."))
}

/// Changes every text in JSON; whether there was one.
fn change(value: &mut Value) -> bool {
    match value {
        Value::String(text) => {
            *text = altered(text);
            true
        }
        Value::Array(items) => items.iter_mut().fold(false, |changed, item| change(item) | changed),
        Value::Object(members) => members.values_mut().fold(false, |changed, member| change(member) | changed),
        _ => false,
    }
}

fn decoded(text: &str) -> Option<(Value, &'static GeneralPurpose)> {
    ENCODINGS.iter().find_map(|encoding| {
        let value: Value = serde_json::from_slice(&encoding.decode(text).ok()?).ok()?;
        value.is_object().then_some((value, encoding))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [CallbackWith; 7] = [
        CallbackWith::Altered,
        CallbackWith::Empty,
        CallbackWith::Shorter,
        CallbackWith::Longer,
        CallbackWith::OtherCase,
        CallbackWith::Unsigned,
        CallbackWith::ReEncoded,
    ];

    #[test]
    fn each_change_makes_another_state() {
        let json = BASE64_URL_SAFE_NO_PAD.encode(r#"{"n":"0123456789","user":"ida"}"#);
        for state in ["b", "bb", "1", "0123456789", "ü€", "aB3-x_", &json, &format!("{json}.c2lnbmF0dXJl")] {
            for with in ALL {
                let changed = state_with(with, Some(state));
                assert_ne!(changed, Ok(Some(state.to_owned())), "{with:?} of {state}");
            }
        }
    }

    #[test]
    fn a_state_is_changed_only_where_the_change_means_something() {
        let made = |with, state| state_with(with, Some(state)).ok().flatten();
        assert_eq!(made(CallbackWith::OtherCase, "5f3e-00ab"), None);
        assert_eq!(made(CallbackWith::OtherCase, "aB3"), Some("Ab3".to_owned()));
        assert_eq!(made(CallbackWith::Unsigned, "aB3"), None);
        assert_eq!(made(CallbackWith::Unsigned, "nonce.sig"), Some("nonce".to_owned()));
        assert_eq!(made(CallbackWith::ReEncoded, "nonce.sig"), None);
        assert_eq!(made(CallbackWith::Shorter, "abcdef"), Some("abc".to_owned()));
        assert_eq!(state_with(CallbackWith::Missing, Some("abc")), Ok(None));
    }

    #[test]
    fn a_signature_is_taken_off_whatever_stands_before_it() {
        let unsigned = |state: &str| state_with(CallbackWith::Unsigned, Some(state)).ok().flatten();
        let signature = "0123456789abcdef0123456789abcdef";
        for mark in ["--", ":", "|", "~", "!", ",", "."] {
            assert_eq!(unsigned(&format!("eyJ1IjoxfQ=={mark}{signature}")).as_deref(), Some("eyJ1IjoxfQ=="), "{mark}");
        }
        assert_eq!(unsigned(&format!("eyJ1IjoxfQ:1rXyZa:{signature}")).as_deref(), Some("eyJ1IjoxfQ:1rXyZa"));
        for state in ["b7e1a2c4-5f3e-4aab-9c1d-0123456789ab", "shop:nonce", "user|1"] {
            assert_eq!(unsigned(state), None, "{state}");
        }
    }

    #[test]
    fn a_longer_state_is_another_value_once_it_is_decoded() {
        for state in [BASE64_STANDARD.encode([7; 31]), BASE64_STANDARD.encode([7; 32]), BASE64_STANDARD.encode([7; 33])]
        {
            let longer = state_with(CallbackWith::Longer, Some(&state)).ok().flatten().unwrap_or_default();
            assert_eq!(
                BASE64_STANDARD.decode(&longer).map(|bytes| bytes.len()),
                BASE64_STANDARD.decode(&state).map(|bytes| bytes.len() + 6)
            );
        }
    }

    #[test]
    fn a_token_loses_its_signature_or_keeps_it_with_other_claims() {
        let encode = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let token = format!("{}.{}.c2ln", encode(r#"{"alg":"HS256"}"#), encode(r#"{"sub":"ida","iat":1}"#));
        let unsigned = state_with(CallbackWith::Unsigned, Some(&token)).ok().flatten().unwrap_or_default();
        assert!(unsigned.ends_with('.') && unsigned.contains(&encode(r#"{"sub":"ida","iat":1}"#)), "{unsigned}");
        let other = state_with(CallbackWith::ReEncoded, Some(&token)).ok().flatten().unwrap_or_default();
        let claims = other.split('.').nth(1).and_then(decoded).map(|(claims, _)| claims);
        assert_eq!(claims, Some(serde_json::json!({"sub": "iba", "iat": 1})));
        assert_eq!(other.split('.').next_back(), Some("c2ln"));
    }
}
