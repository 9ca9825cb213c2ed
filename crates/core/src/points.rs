//! Points are whole numbers (semantics 3.2); exact until they are rounded by name.

/// The most points that one fact moves; a purchase that would earn more earns this many.
///
/// ```
/// use parure::points::POINTS_LIMIT;
/// assert_eq!(POINTS_LIMIT, 10_i64.pow(12)); // semantics 11.16
/// ```
pub const POINTS_LIMIT: i64 = 1_000_000_000_000;
