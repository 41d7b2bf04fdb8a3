//! How much an app's `state` differs from those that it sent before, read while the values themselves are at hand.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flowcheck_evidence::{Alphabet, StateChange, StatePattern};

/// Bytes that decoded text must have to be taken for text, and not for chance.
const TEXT: usize = 8;
/// Steps between two values of a counter: others may have counted in between.
const STEPS: u128 = 16;
/// Seconds by which the app's clock may differ from both of the fake's.
const A_DAY_S: u128 = 86_400;
/// Base64 with and without padding, whatever its unused bits.
const FORGIVING: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// The difference of a `state` from the earlier one that it resembles most; none where nothing else was sent before. `now_s` are the
/// times that the app may have put into it.
pub(crate) fn state_change<'a>(
    state: &str,
    earlier: impl Iterator<Item = &'a str>,
    now_s: &[i64],
) -> Option<StateChange> {
    let readable = readable(state);
    let changes = earlier.filter(|other| *other != state).map(|other| {
        let other = self::readable(other);
        StateChange { bits_at_most: changed_bits(&readable, &other), pattern: pattern(&readable, &other, now_s) }
    });
    changes.min_by_key(|change| change.bits_at_most)
}

/// A value with those of its parts decoded that are text in Base64: the header and the claims of a JWT, and not its signature.
fn readable(value: &str) -> String {
    value.split('.').map(|part| decoded(part).unwrap_or_else(|| part.to_owned())).collect::<Vec<_>>().join(".")
}

fn decoded(part: &str) -> Option<String> {
    let texts = [&STANDARD, &URL_SAFE].into_iter().filter_map(|alphabet| {
        let bytes = GeneralPurpose::new(alphabet, FORGIVING).decode(part).ok()?;
        String::from_utf8(bytes).ok()
    });
    let mut texts = texts.filter(|text| text.len() >= TEXT && !text.chars().any(char::is_control));
    texts.next()
}

/// The most bits of variety that the places can carry in which a value differs from another.
fn changed_bits(one: &str, other: &str) -> u32 {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let changed: String = if one.len() == other.len() {
        one.iter().zip(&other).filter(|(one, other)| one != other).map(|(one, _)| *one).collect()
    } else {
        let shorter = one.len().min(other.len());
        let same =
            |pairs: &mut dyn Iterator<Item = (&char, &char)>| pairs.take_while(|(one, other)| one == other).count();
        let before = same(&mut one.iter().zip(&other));
        let after = same(&mut one.iter().rev().zip(other.iter().rev())).min(shorter - before);
        one[before..one.len() - after].iter().collect()
    };
    #[expect(clippy::cast_precision_loss, reason = "an address is far shorter than 2^52 characters")]
    let bits = changed.chars().count() as f64 * Alphabet::of(&changed).bits_per_character();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is small, whole and not negative")]
    let bits = bits.floor() as u32;
    bits
}

/// What the change follows, where nothing but numbers changed.
fn pattern(one: &str, other: &str, now_s: &[i64]) -> Option<StatePattern> {
    let (one, other) = (runs(one), runs(other));
    if one.len() != other.len() {
        return None;
    }
    let mut found = None;
    for (one, other) in one.into_iter().zip(other).filter(|(one, other)| one != other) {
        let (one, other): (u128, u128) = (one.parse().ok()?, other.parse().ok()?);
        if is_time(one, now_s) && is_time(other, now_s) {
            found = found.or(Some(StatePattern::Time));
        } else if one > other && one - other <= STEPS {
            found = Some(StatePattern::Counter);
        } else {
            return None;
        }
    }
    found
}

/// A text cut where digits begin and end.
fn runs(text: &str) -> Vec<&str> {
    text.as_bytes()
        .chunk_by(|one, next| one.is_ascii_digit() == next.is_ascii_digit())
        .scan(0, |at, run| {
            let begins = *at;
            *at += run.len();
            Some(&text[begins..*at])
        })
        .collect()
}

/// Whether a number is one of these times, give or take a day, in seconds or in a thousandth, millionth or billionth of them.
fn is_time(number: u128, now_s: &[i64]) -> bool {
    let units = [1, 1_000, 1_000_000, 1_000_000_000_u128];
    now_s
        .iter()
        .filter_map(|now| u128::try_from(*now).ok())
        .any(|now| units.iter().any(|unit| number.abs_diff(now * unit) <= A_DAY_S * unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD as BASE64, URL_SAFE_NO_PAD};

    const NOW_S: i64 = 1_796_000_000;
    /// A value that is random has, by chance, a few places like those of another.
    const RANDOM: u32 = 40;

    fn change(earlier: &str, state: &str) -> StateChange {
        state_change(state, [earlier].into_iter(), &[NOW_S]).expect("there is an earlier one")
    }

    fn jwt(claims: &str, signature: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{signature}", part(r#"{"alg":"HS256","typ":"JWT"}"#), part(claims))
    }

    #[test]
    fn random_values_differ_in_nearly_all_their_places() {
        for (earlier, state) in [
            // UUIDs of version 4, a nanoid, 16 hexadecimal digits, and an id beside a nonce.
            ("7b0d8e0e-7f0f-4d2b-9a51-0c9f4f3f6f11", "e58b1f6c-3a94-4c0e-8d27-b2f0a1c7d943"),
            ("V1StGXR8_Z5jdHi6B-myT", "Uakgb_J5m9g-0JDMbcJqL"),
            ("9f86d081884c7d65", "3c59dc048e885024"),
            ("user-7:Zm9vYmFyYmF6cXV4", "user-7:pQ3kXo9LwT2vNs8a"),
            // The order of time stands first in a ULID; eighty bits after it are random.
            ("01JDZ7Q8R3M5N7P9QATBVCWDXE", "01JDZ7Q9K1F8G2H4J6S8Z3Y5W7"),
        ] {
            let change = change(earlier, state);
            assert!(change.bits_at_most >= RANDOM && change.pattern.is_none(), "{state}: {change:?}");
        }
    }

    #[test]
    fn a_signature_cannot_be_guessed_whatever_it_signs() {
        let signed = |issued, signature| jwt(&format!(r#"{{"user":7,"iat":{issued}}}"#), signature);
        let change = change(
            &signed(NOW_S, "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"),
            &signed(NOW_S + 20, "Cb2wqA6fNfVWkzXnTMXtPCxlDqy8m4QTL3eZr1M0Gog"),
        );
        assert!(change.bits_at_most >= RANDOM && change.pattern.is_none(), "{change:?}");
    }

    #[test]
    fn the_time_is_found_in_each_unit_and_in_base64() {
        for (earlier, state) in [
            ("1796000000".to_owned(), "1796000021".to_owned()),
            ("1796000000123".to_owned(), "1796000021456".to_owned()),
            ("user-7-1796000000123456789".to_owned(), "user-7-1796000021987654321".to_owned()),
            (BASE64.encode(r#"{"user":7,"at":1796000000123}"#), BASE64.encode(r#"{"user":7,"at":1796000021456}"#)),
            (
                jwt(&format!(r#"{{"user":7,"iat":{NOW_S},"exp":{}}}"#, NOW_S + 600), ""),
                jwt(&format!(r#"{{"user":7,"iat":{},"exp":{}}}"#, NOW_S + 9, NOW_S + 609), ""),
            ),
        ] {
            let change = change(&earlier, &state);
            assert!(change.bits_at_most < RANDOM, "{state}: {change:?}");
            assert_eq!(change.pattern, Some(StatePattern::Time), "{state}");
        }
    }

    #[test]
    fn a_counter_is_found_alone_and_within_a_value() {
        for (earlier, state) in [
            ("1", "2"),
            ("1009", "1012"),
            ("install-9", "install-10"),
            ("shop/harbour/attempt/41", "shop/harbour/attempt/42"),
            ("eyJhdHRlbXB0Ijo0MX0=", "eyJhdHRlbXB0Ijo0Mn0="),
        ] {
            let change = change(earlier, state);
            assert_eq!(change.pattern, Some(StatePattern::Counter), "{state}: {change:?}");
        }
    }

    #[test]
    fn what_changes_a_little_without_a_known_pattern_has_few_bits() {
        for (earlier, state) in [
            // A UUID of version 1, an id of MongoDB's, a time in base 36, and a short number drawn at random.
            ("5f3b1c20-ae1d-11ef-9cd2-0242ac120002", "6b1e9d74-ae1d-11ef-9cd2-0242ac120002"),
            ("674b1f0a9c2e4d0012a3b4c5", "674b1f1f9c2e4d0012a3b4c6"),
            ("user-7-mfj3k2a1", "user-7-mfj3kij9"),
            ("user-7-482913", "user-7-157204"),
        ] {
            let change = change(earlier, state);
            assert!(change.bits_at_most < RANDOM && change.pattern.is_none(), "{state}: {change:?}");
        }
    }

    #[test]
    fn the_earlier_value_that_is_most_alike_counts_and_the_same_one_does_not() {
        let earlier = ["Uakgb_J5m9g-0JDMbcJqL", "41", "42"];
        let change = state_change("42", earlier.into_iter(), &[NOW_S]).expect("41 is another");
        assert_eq!((change.bits_at_most, change.pattern), (3, Some(StatePattern::Counter)));
        assert_eq!(state_change("42", ["42"].into_iter(), &[NOW_S]), None);
        assert_eq!(state_change("", ["é"].into_iter(), &[NOW_S]).map(|change| change.bits_at_most), Some(0));
    }
}
