//! Commands that read runs on disk: show one, judge one again, compare two, merge shards, bundle one as a zip.

pub(super) mod bundle;
pub(super) mod compare;
pub(super) mod judge;
pub(super) mod merge;
pub(super) mod show;
