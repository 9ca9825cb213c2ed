//! How a call went.

/// How a call went. The numbers are fixed: one that is retired is never used for something else.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum parure_status {
    /// It was done; the outputs are set.
    PARURE_OK = 0,
    /// A business answer: no. Nothing is wrong with the call, nothing has changed, and the error tells the shop's reason.
    PARURE_REFUSED = 1,
    /// What was told or asked can't be read or done: the error tells what is wrong, where, and mostly what to write instead. Nothing
    /// has changed (docs/c.md tells of the one exception, a `merge` in JSON into a book in memory).
    PARURE_FAULT = 2,
    /// A pointer that must not be NULL is, or is not aligned.
    PARURE_NULL_POINTER = 10,
    /// A text is not UTF-8.
    PARURE_NOT_UTF8 = 11,
    /// A struct does not begin with its size, or is of a later version than this library and uses what that added.
    PARURE_STRUCT_SIZE = 12,
    /// There is no element at that index.
    PARURE_NO_SUCH_INDEX = 13,
    /// A length is beyond what a buffer can have.
    PARURE_LENGTH = 14,
    /// A fault of this library: please report it. A book that was being changed then can only be freed.
    PARURE_PANIC = 99,
}
