//! A thing with its place on the timeline.

/// A thing with its place on the timeline.
#[derive(Debug)]
pub(crate) struct At<'a, T: ?Sized> {
    /// The entry's position.
    pub(crate) seq: u32,
    /// Real time of the entry, in milliseconds since the recording began.
    pub(crate) time_ms: u64,
    /// The thing.
    pub(crate) it: &'a T,
}

impl<'a, T: ?Sized> At<'a, T> {
    /// A part of the thing, at the same place.
    pub(crate) fn part<P: ?Sized>(self, part: &'a P) -> At<'a, P> {
        At { seq: self.seq, time_ms: self.time_ms, it: part }
    }
}

// Derived, these would ask the same of `T`, which is only referred to.
impl<T: ?Sized> Clone for At<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for At<'_, T> {}
