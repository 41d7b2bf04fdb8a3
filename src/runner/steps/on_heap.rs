//! What a step does, on the heap.

use std::pin::Pin;

/// Makes a future and puts it on the heap. It is made in a frame of its own: in the caller's it would take room as long as that runs, and
/// without optimisation all that a caller might do takes room side by side, which is more than a thread's stack has.
pub(in crate::runner) fn on_heap<F: Future>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(make())
}
