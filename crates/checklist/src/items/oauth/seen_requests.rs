//! Whether the requests that an item judges were seen, and seen of every attempt.

use crate::flow::{Attempt, Flow};
use crate::judging::not_run::{cut_short, without_tokens};
use crate::verdict::Verdict;

/// Who started an attempt.
pub(super) fn who_started<'a>(attempt: &Attempt<'a>) -> &'a str {
    attempt.events.acts().next().map_or("", |act| act.it.user.as_str())
}

/// Not run, where more attempts were to come: the last is not over, or one of the users had no turn yet. What is to be fresh for
/// each attempt can look right until the last.
pub(super) fn not_yet_all(flow: &Flow<'_>) -> Option<Verdict> {
    let all = &flow.attempts;
    let everybody = flow.setup.users.iter().all(|user| all.iter().any(|attempt| who_started(attempt) == user.label));
    if !everybody {
        Some(cut_short(flow, "each user had started an installation"))
    } else if all.last().is_some_and(|attempt| !attempt.is_over()) {
        Some(cut_short(flow, "the last attempt was seen to its end"))
    } else {
        None
    }
}

/// Nothing of the kind was seen: blocked by what kept it from happening.
pub(super) fn unseen(flow: &Flow<'_>) -> Verdict {
    without_tokens(flow).unwrap_or_else(|| Verdict::not_run("no such request was seen"))
}
