//! What each document demands, and what answers it: `tables/demands.csv`.

use super::document::Document;
use super::library::documents;

const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tables/demands.csv"));

/// One demand of a document, and what answers it: items, a check by hand, or a stated gap; one of them at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// The document.
    pub document: &'static Document,
    /// The section of it.
    pub section: &'static str,
    /// The demand, in our words.
    pub text: &'static str,
    /// The ids of the items that judge it.
    pub items: Vec<&'static str>,
    /// The check by hand, one of [`BY_HAND`](crate::BY_HAND).
    pub by_hand: Option<&'static str>,
    /// Why nothing answers it, or not all of it.
    pub gap: Option<&'static str>,
}

/// All demands, in the documents' order.
pub fn demands() -> Vec<Demand> {
    lines().filter_map(read).collect()
}

fn lines() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#')).skip(1)
}

fn read(line: &'static str) -> Option<Demand> {
    let mut cells = line.split(';').map(str::trim);
    let key = cells.next()?;
    let document = documents().iter().find(|document| document.key == key)?;
    let (section, text, items) = (cells.next()?, cells.next()?, cells.next()?);
    let mut optional = || cells.next().filter(|cell| !cell.is_empty());
    Some(Demand {
        document,
        section,
        text,
        items: items.split_whitespace().collect(),
        by_hand: optional(),
        gap: optional(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::items::{BY_HAND, catalogue, find};
    use crate::sources::document::Origin;

    #[test]
    fn every_line_is_read_and_has_six_cells() {
        for line in lines() {
            assert!(read(line).is_some(), "no document has this key: {line}");
            assert_eq!(line.split(';').count(), 6, "{line}");
        }
    }

    #[test]
    fn every_demand_is_answered_by_an_item_by_hand_or_by_a_stated_gap() {
        for demand in demands() {
            assert!(demand.text.len() > 15 && !demand.section.is_empty(), "{demand:?} says too little");
            let answered = !demand.items.is_empty() || demand.by_hand.is_some() || demand.gap.is_some();
            assert!(answered, "nothing answers {demand:?}");
            assert!(demand.gap.is_none_or(|gap| gap.len() > 15), "{demand:?} does not say why");
        }
    }

    #[test]
    fn every_item_and_every_check_by_hand_that_a_demand_names_exists() {
        for demand in demands() {
            for item in &demand.items {
                assert!(find(item).is_some(), "{}: there is no item {item}", demand.text);
            }
            assert!(demand.by_hand.is_none_or(|task| BY_HAND.contains(&task)), "not by hand: {:?}", demand.by_hand);
        }
    }

    #[test]
    fn every_item_every_check_by_hand_and_every_document_has_a_demand() {
        let all = demands();
        let items: BTreeSet<&str> = all.iter().flat_map(|demand| demand.items.iter().copied()).collect();
        let unasked: Vec<&str> = catalogue().iter().map(|item| item.id).filter(|id| !items.contains(id)).collect();
        assert_eq!(unasked, [""; 0], "items that no demand names; add a line to tables/demands.csv");
        let by_hand: BTreeSet<&str> = all.iter().filter_map(|demand| demand.by_hand).collect();
        assert_eq!(BY_HAND.iter().filter(|task| !by_hand.contains(*task)).count(), 0, "{by_hand:?}");
        for document in documents() {
            assert!(all.iter().any(|demand| demand.document == *document), "{} demands nothing", document.key);
        }
    }

    #[test]
    fn the_document_that_an_item_names_demands_it() {
        let all = demands();
        for item in catalogue() {
            let asks = |demand: &Demand| demand.document == item.source.document && demand.items.contains(&item.id);
            assert!(all.iter().any(asks), "{}: no line of {:?} names it", item.id, item.source.document.key);
        }
    }

    #[test]
    fn no_demand_is_there_twice_and_those_of_a_document_stand_together() {
        let all = demands();
        let texts: BTreeSet<(&str, &str, &str)> =
            all.iter().map(|demand| (demand.document.key, demand.section, demand.text)).collect();
        assert_eq!(texts.len(), all.len(), "a demand is there twice");
        let mut keys: Vec<&str> = all.iter().map(|demand| demand.document.key).collect();
        keys.dedup();
        let order: Vec<&str> = documents().iter().map(|document| document.key).collect();
        assert_eq!(keys, order, "lines stand in the order of the documents");
    }

    #[test]
    fn klaviyos_pages_and_others_have_the_day_they_were_seen_and_an_address() {
        for document in documents() {
            assert_eq!(document.seen.is_none(), document.origin == Origin::Standard, "{}", document.key);
            assert!(document.address.starts_with("https://") && !document.title.is_empty(), "{}", document.key);
        }
    }
}
