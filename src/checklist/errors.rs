//! Judges; being written.
use super::Verdict;
use crate::evidence::Evidence;
pub(super) fn denied_message(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn denied_dismiss(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn denied_retry(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn expired_message(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn expired_link(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn expired_retry(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
pub(super) fn abandoned_return(_: &Evidence) -> Verdict {
    Verdict::not_run("being written")
}
