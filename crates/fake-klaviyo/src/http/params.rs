//! Parameters of a query string or a form.

use memchr::memchr2;
use percent_encoding::percent_decode_str;
use smol_str::SmolStr;

/// Decoded names and values, in the order in which they were sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Params {
    list: Vec<(SmolStr, SmolStr)>,
    well_formed: bool,
}

impl Params {
    /// Parses `application/x-www-form-urlencoded` text. Nothing is rejected here: what cannot be decoded is kept as
    /// well as possible, and [`Params::well_formed`] reports it.
    pub(crate) fn read(text: &str) -> Self {
        let mut well_formed = true;
        let mut decode = |part: &str| {
            if memchr2(b'+', b'%', part.as_bytes()).is_none() {
                return SmolStr::new(part);
            }
            let spaced = part.replace('+', " ");
            well_formed &= escapes_are_whole(&spaced);
            let bytes: Vec<u8> = percent_decode_str(&spaced).collect();
            let text = String::from_utf8(bytes).unwrap_or_else(|error| {
                well_formed = false;
                String::from_utf8_lossy(error.as_bytes()).into_owned()
            });
            SmolStr::from(text)
        };
        let list = text
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(name), decode(value))
            })
            .collect();
        Self { list, well_formed }
    }

    /// Whether every escape was complete and everything was UTF-8.
    pub(crate) fn well_formed(&self) -> bool {
        self.well_formed
    }

    /// The first value of this name, unless it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.list
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Names that were sent more than once, each listed once.
    pub(crate) fn repeated(&self) -> Vec<String> {
        let mut repeated: Vec<String> = Vec::new();
        for (at, (name, _)) in self.list.iter().enumerate() {
            if self.list[..at].iter().any(|(earlier, _)| earlier == name) && !repeated.iter().any(|known| known == name)
            {
                repeated.push(name.to_string());
            }
        }
        repeated
    }

    /// All names and values, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Whether every `%` is followed by two hexadecimal digits.
fn escapes_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let digits = after.as_bytes();
        digits.len() >= 2 && digits[0].is_ascii_hexdigit() && digits[1].is_ascii_hexdigit()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_and_kept_in_order() {
        let params = Params::read("a=1&b=x+y%2Bz&&a=2&c");
        assert_eq!(params.iter().collect::<Vec<_>>(), [("a", "1"), ("b", "x y+z"), ("a", "2"), ("c", "")]);
        assert_eq!(params.repeated(), ["a"]);
        assert!(params.well_formed());
        assert_eq!(params.get("c"), None);
    }

    #[test]
    fn broken_escapes_are_told_and_not_fatal() {
        for text in ["a=%", "a=%f", "a=%zz", "a=%ff", "%e2%28=1"] {
            assert!(!Params::read(text).well_formed(), "{text}");
        }
    }
}
