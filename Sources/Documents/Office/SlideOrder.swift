/// The order in which the shapes of a slide are read.
enum SlideOrder {
    /// Rows from the top, in a row from the left; what has no place follows the shape before it. Shapes whose tops are
    /// nearer than `band` stand beside each other.
    static func indices(of places: [(top: Double, left: Double)?], band: Double) -> [Int] {
        var before = (row: 0.0, left: 0.0)
        let keys = places.map { place in
            if let place { before = ((place.top / band).rounded(), place.left) }
            return before
        }
        return places.indices.sorted { first, second in
            (keys[first].row, keys[first].left, first) < (keys[second].row, keys[second].left, second)
        }
    }
}
