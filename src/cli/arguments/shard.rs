//! `--shard I/N`.

use crate::checklist::Shard;

pub(super) fn shard(text: &str) -> Result<Shard, String> {
    let (index, of) = text.split_once('/').ok_or("write I/N, as in 1/3")?;
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| (1..=100).contains(number));
    match (number(index), number(of)) {
        (Some(index), Some(of)) if index <= of => Ok(Shard { index, of }),
        _ => Err("write I/N with I from 1 to N, and N 100 at most".to_owned()),
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
