//! Spellings of names that mean the same to people, and are two names at Klaviyo.

/// A name without what spellings differ in: case, and whether words are parted by blanks, underscores, hyphens or capitals.
pub(super) fn spelt_alike(name: &str) -> String {
    let letters: Vec<char> = name.trim().chars().collect();
    let is_word = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(|letter| letter.is_alphanumeric());
    let mut plain = String::with_capacity(name.len());
    for (at, letter) in letters.iter().enumerate() {
        // A sign is part of the name, as in `Points -5`.
        let parts_words = match letter {
            '-' => is_word(at.checked_sub(1)) && is_word(Some(at + 1)),
            letter => letter.is_whitespace() || *letter == '_',
        };
        if !parts_words {
            plain.extend(letter.to_lowercase());
        }
    }
    plain
}

/// A name with each number of three digits or more replaced by `#`; none where it has none.
pub(super) fn without_numbers(name: &str) -> Option<String> {
    let mut plain = String::new();
    let mut digits = String::new();
    let mut replaced = false;
    for letter in name.chars().map(Some).chain([None]) {
        if let Some(letter) = letter.filter(char::is_ascii_digit) {
            digits.push(letter);
            continue;
        }
        if digits.len() > 2 {
            replaced = true;
            plain.push('#');
        } else {
            plain.push_str(&digits);
        }
        digits.clear();
        plain.extend(letter);
    }
    replaced.then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_alike_and_other_names_are_not() {
        for (one, other) in [
            ("Submitted review", "submitted_review"),
            ("Submitted Review", "Submitted  review "),
            ("placed-order", "Placed Order"),
            ("orderId", "order_id"),
        ] {
            assert_eq!(spelt_alike(one), spelt_alike(other), "{one} and {other}");
        }
        for (one, other) in [("Points -5", "Points 5"), ("Order", "Orders"), ("Points +", "Points -"), ("v1.0", "v10")]
        {
            assert_ne!(spelt_alike(one), spelt_alike(other), "{one} and {other}");
        }
    }

    #[test]
    fn long_numbers_are_taken_out_of_names() {
        assert_eq!(without_numbers("Order 1001 placed").as_deref(), Some("Order # placed"));
        assert_eq!(without_numbers("Order 1001").as_deref(), Some("Order #"));
        assert_eq!(without_numbers("Reached level 12"), None);
        assert_eq!(without_numbers("Placed Order"), None);
    }
}
