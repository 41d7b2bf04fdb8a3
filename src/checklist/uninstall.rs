//! Judges; being written.
use super::Verdict;
use crate::evidence::Evidence;
pub(super) fn app_findable(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn app_revokes(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn app_removed(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn app_shown(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn app_reinstall(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn klaviyo_shown(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn klaviyo_quiet(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn klaviyo_reinstall(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
