/// Why an evaluation could not run.
package enum InsightFailure: Error, Equatable {
    /// A file of the data set is missing or cannot be read.
    case unreadable(path: String)
    /// A line is not in the documented form; lines count from 1.
    case malformed(file: String, line: Int)
    /// The data set has no judged query whose documents are in the corpus.
    case nothingToEvaluate
}
