//! `--shard I/N`.

use crate::checklist::Shard;

/// A text that names no shard.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ShardError {
    /// There is no `/`.
    #[error("write I/N, as in 1/3")]
    Form,
    /// The numbers make no shard.
    #[error("write I/N with I from 1 to N, and N 100 at most")]
    Range,
}

pub(super) fn shard(text: &str) -> Result<Shard, ShardError> {
    let (index, of) = text.split_once('/').ok_or(ShardError::Form)?;
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| (1..=100).contains(number));
    match (number(index), number(of)) {
        (Some(index), Some(of)) if index <= of => Ok(Shard { index, of }),
        _ => Err(ShardError::Range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_counted_from_one() {
        assert_eq!(shard("2/3"), Ok(Shard { index: 2, of: 3 }));
        for wrong in ["0/3", "4/3", "1", "1/", "a/b", "1/1000"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }
}
