/// The shortest way from one sequence to another by removals and additions: the greedy algorithm of E. W. Myers, "An
/// O(ND) Difference Algorithm and Its Variations", Algorithmica 1 (1986), figure 2, with what it visited kept for the
/// way back.
enum ShortestEdit {
    enum Step: Equatable { case keep, remove, add }

    /// A step and how often it is taken.
    struct Run: Equatable {
        let step: Step
        var count: Int
    }

    /// From `old` to `new`, removals before additions. Nil when more than `editsMax` steps are no `keep`: memory grows
    /// with the square of that.
    ///
    /// - Parameter work: comparisons that may still be made, and are counted down; nil when they do not suffice.
    static func runs(from old: [Int32], to new: [Int32], editsMax: Int, work: inout Int) -> [Run]? {
        let head = zip(old, new).prefix { $0 == $1 }.count
        let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
        let (left, right) = (Array(old[head..<old.count - tail]), Array(new[head..<new.count - tail]))
        guard let middle = script(left, right, editsMax, &work) else { return nil }
        var runs: [Run] = []
        runs.add(.keep, head)
        for step in middle { runs.add(step, 1) }
        runs.add(.keep, tail)
        return runs
    }

    private static func script(_ old: [Int32], _ new: [Int32], _ editsMax: Int, _ work: inout Int) -> [Step]? {
        guard abs(old.count - new.count) <= editsMax else { return nil }
        let limit = min(old.count + new.count, editsMax)
        // How far each diagonal reaches; diagonal k is at limit + 1 + k.
        var reach = [Int32](repeating: 0, count: 2 * limit + 3)
        var visited: [[Int32]] = []
        for edits in 0...limit {
            guard work > 0 else { return nil }
            visited.append(Array(reach[limit - edits...limit + 2 + edits]))
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                let place = limit + 1 + diagonal
                let down = diagonal == -edits || (diagonal != edits && reach[place - 1] < reach[place + 1])
                var x = Int(down ? reach[place + 1] : reach[place - 1] + 1)
                let start = x
                while x < old.count, x - diagonal < new.count, old[x] == new[x - diagonal] { x += 1 }
                work -= 1 + x - start
                reach[place] = Int32(x)
                if x >= old.count, x - diagonal >= new.count { return wayBack(visited, old.count, new.count) }
            }
        }
        return nil
    }

    private static func wayBack(_ visited: [[Int32]], _ oldCount: Int, _ newCount: Int) -> [Step] {
        var (x, y, steps) = (oldCount, newCount, [Step]())
        for (edits, reach) in visited.enumerated().reversed() {
            // Of the row that was kept, diagonal k is at edits + 1 + k.
            let place = edits + 1 + x - y
            let down = x - y == -edits || (x - y != edits && reach[place - 1] < reach[place + 1])
            let before = Int(reach[down ? place + 1 : place - 1])
            let diagonal = down ? x - y + 1 : x - y - 1
            while x > before, y > before - diagonal, x > 0, y > 0 {
                steps.append(.keep)
                (x, y) = (x - 1, y - 1)
            }
            if edits > 0 { steps.append(down ? .add : .remove) }
            (x, y) = (before, before - diagonal)
        }
        return steps.reversed()
    }
}

extension [ShortestEdit.Run] {
    /// Within one change, what is removed stands before what is added: the order among them means nothing.
    fileprivate mutating func add(_ step: ShortestEdit.Step, _ count: Int) {
        guard count > 0 else { return }
        if let last, last.step == step {
            self[self.count - 1].count += count
        } else if step == .remove, let last, last.step == .add {
            if self.count > 1, self[self.count - 2].step == .remove {
                self[self.count - 2].count += count
            } else {
                insert(ShortestEdit.Run(step: step, count: count), at: self.count - 1)
            }
        } else {
            append(ShortestEdit.Run(step: step, count: count))
        }
    }
}
