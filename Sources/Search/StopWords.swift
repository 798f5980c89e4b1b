/// Words left out of the term index.
package enum StopWords {
    /// The thirty-odd English words that nearly every passage has. Short on purpose: a longer list loses queries
    /// such as "to be or not to be" and BM25 already gives frequent words little weight.
    package static let english: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not",
        "of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was",
        "will", "with",
    ]
}
