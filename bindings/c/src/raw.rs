//! What the caller points to: the only place where pointers are followed.
//!
//! Each function here is unsafe for one reason: it believes the caller. What must hold is told in the crate's first page.

use crate::error::Trouble;
use crate::status::parure_status;
use crate::values::parure_text;
use arrow_array::ffi_stream::FFI_ArrowArrayStream as ArrowArrayStream;
use parure::fault::Fault;
use std::mem::MaybeUninit;

/// Bytes beyond which a struct's size can only be something that was never set.
const MOST_STRUCT: usize = 4_096;

/// A struct that begins with its size, so that later versions can have more fields.
///
/// # Safety
/// `repr(C)`, the first field is `size: usize`, and any bytes, zeros too, are a value: numbers and raw pointers only.
pub(crate) unsafe trait Versioned: Copy {
    /// The size that the first version had.
    const LEAST: usize = size_of::<Self>();
}

fn misuse(status: parure_status, code: &'static str, argument: &str, message: String) -> Trouble {
    Trouble::new(status, Fault::new(code, message).at(argument))
}

pub(crate) fn null(argument: &str) -> Trouble {
    misuse(
        parure_status::PARURE_NULL_POINTER,
        "null_pointer",
        argument,
        format!("`{argument}` is NULL or not aligned"),
    )
}

/// A handle or a value that is only read.
///
/// # Safety
/// As the first page tells; `'a` is not longer than the call.
pub(crate) unsafe fn shared<'a, T>(pointer: *const T, argument: &str) -> Result<&'a T, Trouble> {
    if !pointer.is_aligned() {
        return Err(null(argument));
    }
    // SAFETY: aligned, and NULL or one of ours that nobody changes during the call.
    unsafe { pointer.as_ref() }.ok_or_else(|| null(argument))
}

/// A handle that is changed.
///
/// # Safety
/// As the first page tells; nobody else uses it during the call.
pub(crate) unsafe fn alone<'a, T>(pointer: *mut T, argument: &str) -> Result<&'a mut T, Trouble> {
    if !pointer.is_aligned() {
        return Err(null(argument));
    }
    // SAFETY: aligned, and NULL or one of ours that nobody else uses during the call.
    unsafe { pointer.as_mut() }.ok_or_else(|| null(argument))
}

/// Bytes. NULL is no bytes where the length is 0.
///
/// # Safety
/// As the first page tells; `'a` is not longer than the call.
pub(crate) unsafe fn bytes<'a>(data: *const u8, length: usize, argument: &str) -> Result<&'a [u8], Trouble> {
    if length > isize::MAX.unsigned_abs() {
        let message = format!("the length of `{argument}` is more than a buffer can have");
        return Err(misuse(parure_status::PARURE_LENGTH, "length", argument, message));
    }
    match (data.is_null(), length) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(null(argument)),
        // SAFETY: not NULL, and so many bytes can be read.
        (false, _) => Ok(unsafe { std::slice::from_raw_parts(data, length) }),
    }
}

/// A text. NULL is the empty one where the length is 0.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn text<'a>(text: parure_text, argument: &str) -> Result<&'a str, Trouble> {
    // SAFETY: as this function's.
    let bytes = unsafe { bytes(text.data.cast(), text.length, argument) }?;
    std::str::from_utf8(bytes).map_err(|wrong| {
        let message = format!("`{argument}` is not UTF-8 from byte {} on", wrong.valid_up_to());
        misuse(parure_status::PARURE_NOT_UTF8, "not_utf8", argument, message)
    })
}

fn wrong_size(argument: &str, size: usize, least: usize) -> Trouble {
    let message =
        format!("`{argument}` begins with {size} as its size, not with its own: at least {least} bytes");
    misuse(parure_status::PARURE_STRUCT_SIZE, "struct_size", argument, message)
}

/// The size that a struct says it has.
///
/// # Safety
/// As the first page tells.
unsafe fn size<T: Versioned>(pointer: *const T, argument: &str) -> Result<usize, Trouble> {
    if pointer.is_null() || !pointer.is_aligned() {
        return Err(null(argument));
    }
    // SAFETY: not NULL, aligned, and the size is its first field.
    let size = unsafe { pointer.cast::<usize>().read() };
    if size < T::LEAST || size > MOST_STRUCT || size % align_of::<T>() != 0 {
        return Err(wrong_size(argument, size, T::LEAST));
    }
    Ok(size)
}

/// A struct, of this version, an earlier or a later one: what the caller's has not is zero.
///
/// # Safety
/// As the first page tells.
pub(crate) unsafe fn read<T: Versioned>(pointer: *const T, argument: &str) -> Result<T, Trouble> {
    // SAFETY: as this function's.
    let size = unsafe { size(pointer, argument) }?;
    let own = size_of::<T>();
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: the caller's struct has `size` bytes, ours has `own`, and they are apart.
    unsafe {
        std::ptr::copy_nonoverlapping(pointer.cast::<u8>(), value.as_mut_ptr().cast::<u8>(), size.min(own));
    }
    if size > own {
        let beyond = pointer.cast::<u8>().wrapping_add(own);
        // SAFETY: the caller's struct has `size` bytes: so many stand behind those that we know.
        let later = unsafe { std::slice::from_raw_parts(beyond, size - own) };
        if later.iter().any(|byte| *byte != 0) {
            let message = format!("`{argument}` uses a field that this version of the library does not know");
            return Err(misuse(parure_status::PARURE_STRUCT_SIZE, "unknown_field", argument, message));
        }
    }
    // SAFETY: any bytes are a value of a `Versioned`, and all are set.
    Ok(unsafe { value.assume_init() })
}

/// An array of structs, each of the size of the first: its elements are read one by one.
pub(crate) struct Array<T> {
    first: *const T,
    at: usize,
    count: usize,
    step: usize,
    argument: &'static str,
}

/// An array of at most `most` structs.
///
/// # Safety
/// As the first page tells; the array stays there as long as it is read.
pub(crate) unsafe fn array<T: Versioned>(
    first: *const T,
    count: usize,
    most: usize,
    argument: &'static str,
) -> Result<Array<T>, Trouble> {
    if count > most {
        let fault = Fault::new("too_many", format!("{count} are listed, at most {most} are read"));
        return Err(Trouble::from(fault.at(argument)));
    }
    // SAFETY: where there are any, there is a first one.
    let step = if count == 0 { 0 } else { unsafe { size(first, argument) }? };
    Ok(Array { first, at: 0, count, step, argument })
}

impl<T: Versioned> Iterator for Array<T> {
    type Item = Result<T, Trouble>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        if at >= self.count {
            return None;
        }
        self.at += 1;
        let element = self.first.cast::<u8>().wrapping_add(at.wrapping_mul(self.step)).cast::<T>();
        // SAFETY: `array` was told of `count` elements, each `step` bytes behind the one before.
        let found = unsafe { size(element, self.argument) };
        match found {
            // SAFETY: the same element.
            Ok(size) if size == self.step => Some(unsafe { read(element, self.argument) }),
            Ok(size) => Some(Err(wrong_size(&format!("{}[{at}]", self.argument), size, self.step))),
            Err(trouble) => Some(Err(trouble)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.count - self.at;
        (left, Some(left))
    }
}

/// Where an answer goes that is a struct of the caller's: its own size is kept, and what we do not know of it is zero.
///
/// # Safety
/// As the first page tells.
pub(crate) unsafe fn fill<T: Versioned>(view: *mut T, value: &T, argument: &str) -> Result<(), Trouble> {
    // SAFETY: as this function's.
    let size = unsafe { size(view.cast_const(), argument) }?;
    let (own, skip) = (size_of::<T>(), size_of::<usize>());
    let known = size.min(own) - skip;
    let (from, to) =
        (std::ptr::from_ref(value).cast::<u8>().wrapping_add(skip), view.cast::<u8>().wrapping_add(skip));
    // SAFETY: both have so many bytes behind their sizes, and they are apart.
    unsafe { std::ptr::copy_nonoverlapping(from, to, known) };
    // SAFETY: the caller's struct has `size` bytes: so many stand behind those that we know.
    unsafe { view.cast::<u8>().wrapping_add(skip + known).write_bytes(0, size - skip - known) };
    Ok(())
}

/// Moves a stream out: the caller's is left released.
///
/// # Safety
/// As the first page tells, and the stream keeps what Arrow's C interface promises.
pub(crate) unsafe fn moved_out(
    stream: *mut ArrowArrayStream,
    argument: &str,
) -> Result<ArrowArrayStream, Trouble> {
    if stream.is_null() || !stream.is_aligned() {
        return Err(null(argument));
    }
    // SAFETY: not NULL, aligned, and a stream, be it released.
    Ok(unsafe { ArrowArrayStream::from_raw(stream) })
}

/// Room of the caller's for a plain value or a handle.
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// Room that must be there.
    ///
    /// # Safety
    /// As the first page tells; the room stays there until the call ends.
    pub(crate) unsafe fn new(room: *mut T, argument: &str) -> Result<Self, Trouble> {
        if room.is_null() || !room.is_aligned() { Err(null(argument)) } else { Ok(Out(room)) }
    }

    pub(crate) fn set(self, value: T) {
        // SAFETY: `new` was told that the room is there until the call ends; what it holds is not ours to drop.
        unsafe { self.0.write(value) };
    }
}

impl<T> Out<*mut T> {
    /// Room for a handle: it holds NULL until the handle is there.
    ///
    /// # Safety
    /// As [`Out::new`].
    pub(crate) unsafe fn handle(room: *mut *mut T, argument: &str) -> Result<Self, Trouble> {
        // SAFETY: as this function's.
        let out = unsafe { Out::new(room, argument) }?;
        Out(out.0).set(std::ptr::null_mut());
        Ok(out)
    }

    pub(crate) fn hand_over(self, value: T) {
        self.set(Box::into_raw(Box::new(value)));
    }
}

impl Out<ArrowArrayStream> {
    /// Room for a stream: it holds a released one until the stream is there.
    ///
    /// # Safety
    /// As [`Out::new`].
    pub(crate) unsafe fn stream(room: *mut ArrowArrayStream, argument: &str) -> Result<Self, Trouble> {
        // SAFETY: as this function's.
        let out = unsafe { Out::new(room, argument) }?;
        Out(out.0).set(ArrowArrayStream::empty());
        Ok(out)
    }
}

/// Takes a handle back and frees it. NULL is fine.
///
/// # Safety
/// The handle came from [`Out::hand_over`] and is not used again.
pub(crate) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() && handle.is_aligned() {
        // SAFETY: it came from a box, and this is the last that is heard of it.
        drop(unsafe { Box::from_raw(handle) });
    }
}
