//! Dividing scenarios among shards.

use std::cmp::Reverse;

use crate::checklist::Shard;

/// The assumed duration of a scenario in milliseconds, where no duration is known.
const USUAL: u64 = 3_000;

/// The indices of a shard's scenarios, in order. `took` holds each scenario's last duration, in milliseconds.
///
/// The longest scenarios are assigned first, each to the shard with the least total; a scenario without a duration is assumed to take
/// the average. Equal arguments give equal shards on every machine, so the shards of a run never overlap.
pub fn scenarios_of_shard(took: &[Option<u64>], shard: Shard) -> Vec<usize> {
    let known: Vec<u64> = took.iter().flatten().copied().collect();
    let average = known.iter().sum::<u64>().checked_div(known.len() as u64).unwrap_or(USUAL);
    let mut longest_first: Vec<(usize, u64)> =
        took.iter().enumerate().map(|(index, took)| (index, took.unwrap_or(average))).collect();
    longest_first.sort_by_key(|(index, took)| (Reverse(*took), *index));
    let mut loads = vec![(0_u64, Vec::new()); shard.of.max(1)];
    for (index, took) in longest_first {
        if let Some((load, mine)) = loads.iter_mut().min_by_key(|(load, mine)| (*load, mine.len())) {
            *load += took;
            mine.push(index);
        }
    }
    let mut mine = loads.into_iter().nth(shard.index.saturating_sub(1)).map(|(_, mine)| mine).unwrap_or_default();
    mine.sort_unstable();
    mine
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn long_scenarios_are_balanced_by_short_ones() {
        let took = [Some(9_000), Some(3_000), Some(3_000), Some(3_000)];
        assert_eq!(scenarios_of_shard(&took, Shard { index: 1, of: 2 }), [0]);
        assert_eq!(scenarios_of_shard(&took, Shard { index: 2, of: 2 }), [1, 2, 3]);
    }

    proptest! {
        #[test]
        fn every_scenario_is_dealt_to_exactly_one_shard(
            took in prop::collection::vec(prop::option::of(0_u64..100_000), 0..60),
            of in 1_usize..9,
        ) {
            let mut all: Vec<usize> = (1..=of).flat_map(|index| scenarios_of_shard(&took, Shard { index, of })).collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..took.len()).collect::<Vec<_>>());
        }

        #[test]
        fn no_shard_has_more_to_do_than_the_average_and_one_scenario(
            took in prop::collection::vec(1_u64..100_000, 1..60),
            of in 1_usize..9,
        ) {
            let known: Vec<Option<u64>> = took.iter().copied().map(Some).collect();
            let (sum, most) = (took.iter().sum::<u64>(), took.iter().max().copied().unwrap_or(0));
            for index in 1..=of {
                let load: u64 = scenarios_of_shard(&known, Shard { index, of }).into_iter().map(|at| took[at]).sum();
                prop_assert!(load <= sum / of as u64 + most);
            }
        }
    }
}
