import CKernels

/// The vectors of a part's windows: int8 for the scan, fp32 for rescoring. All arithmetic is that of `CKernels`, which
/// gives the same bits on every processor and for every neighbourhood of a row.
struct WindowVectors: Sendable {
    let dimensions: Int
    private let rows: [Float]
    private let quantised: [Int8]
    private let scales: [Float]

    /// `rows`: `dimensions` values per window, back to back.
    init(rows: [Float], dimensions: Int) {
        let count = rows.count / dimensions
        var quantised = [Int8](repeating: 0, count: rows.count)
        var scales = [Float](repeating: 0, count: count)
        rows.withUnsafeBufferPointer { rows in
            quantised.withUnsafeMutableBufferPointer { quantised in
                scales.withUnsafeMutableBufferPointer { scales in
                    guard let from = rows.baseAddress, let to = quantised.baseAddress else { return }
                    for row in 0..<count {
                        let offset = row * dimensions
                        // Inside the buffer of `count` scales, which is not empty here.
                        let scale = scales.baseAddress! + row
                        ck_quantize_i8(from + offset, Int32(dimensions), to + offset, scale)
                    }
                }
            }
        }
        self.dimensions = dimensions
        self.rows = rows
        self.quantised = quantised
        self.scales = scales
    }

    /// Approximate inner products of the query with `windows`, into `scores`, which has their count.
    func scan(_ query: QuantisedQuery, windows: Range<Int>, into scores: inout [Float]) {
        guard !windows.isEmpty else { return }
        quantised.withUnsafeBufferPointer { rows in
            scales.withUnsafeBufferPointer { scales in
                scores.withUnsafeMutableBufferPointer { scores in
                    // None is empty: the range is not, and lies within all three.
                    ck_scan_i8(
                        query.values, query.scale, rows.baseAddress! + windows.lowerBound * dimensions,
                        scales.baseAddress! + windows.lowerBound, nil, Int64(windows.count), Int32(dimensions),
                        scores.baseAddress!
                    )
                }
            }
        }
    }

    /// The exact inner product, in fp32.
    func score(_ query: [Float], window: Int) -> Float {
        rows.withUnsafeBufferPointer { rows in
            // The window is one of this part's, so the rows are not empty.
            ck_dot_f32(query, rows.baseAddress! + window * dimensions, Int32(dimensions))
        }
    }
}

/// A query's vector for the scan.
struct QuantisedQuery: Sendable {
    let values: [Int8]
    let scale: Float

    init(_ vector: [Float]) {
        var values = [Int8](repeating: 0, count: vector.count)
        var scale: Float = 0
        ck_quantize_i8(vector, Int32(vector.count), &values, &scale)
        self.values = values
        self.scale = scale
    }
}
