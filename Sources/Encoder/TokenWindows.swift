/// Cuts a sequence of tokens into overlapping windows that the model can read.
///
/// A sequence that fits is one window. A longer one gets the least number of windows that cover it with the full
/// overlap, all of nearly the same length: a full window followed by a short rest would let the rest be judged
/// without its surroundings.
enum TokenWindows {
    /// - Parameters:
    ///   - limit: tokens of one window at most.
    ///   - overlap: tokens that two neighbouring windows share, smaller than `limit`.
    /// - Returns: ranges in ascending order; the first starts at 0 and the last ends at `count`. None for no tokens.
    static func ranges(count: Int, limit: Int, overlap: Int) -> [Range<Int>] {
        guard count > limit else { return count > 0 ? [0..<count] : [] }
        let step = limit - overlap
        // Each window brings new tokens and shares `overlap` more with the next one.
        let fresh = count - overlap
        let windows = (fresh + step - 1) / step
        return (0..<windows).map { window in
            fresh * window / windows..<fresh * (window + 1) / windows + overlap
        }
    }
}
