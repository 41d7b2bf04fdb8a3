//! Where the OAuth behaviour is known from: `tables/behaviours.csv`.

const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tables/behaviours.csv"));

/// One behaviour, and where it is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behaviour {
    /// One or more of S, D, O, P, R and A, separated by spaces.
    pub marks: &'static str,
    /// The endpoint or subject: `authorize`, `token`, …
    pub about: &'static str,
    /// The behaviour in one line.
    pub text: &'static str,
}

/// All behaviours, in the order in which an app meets them.
pub fn behaviours() -> Vec<Behaviour> {
    TABLE.lines().filter(|line| !line.starts_with('#')).skip(1).filter_map(read).collect()
}

fn read(line: &'static str) -> Option<Behaviour> {
    let mut cells = line.splitn(3, ';');
    Some(Behaviour { marks: cells.next()?, about: cells.next()?, text: cells.next()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_says_where_it_is_known_from() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count() - 1;
        assert_eq!(behaviours().len(), lines);
        for behaviour in behaviours() {
            let known = |mark: &str| ["S", "D", "O", "P", "R", "A"].contains(&mark);
            assert!(behaviour.marks.split(' ').all(known), "{behaviour:?}");
        }
    }
}
