/// One element with everything in it, for the small parts of a package and for single paragraphs of large ones.
struct XMLTree {
    enum Item {
        case element(XMLTree)
        case text([UInt8])
    }

    /// Elements of one tree. A hostile file of tiny elements takes a hundred times its size in memory.
    static let elementsMax = 1_000_000

    let name: String
    let attributes: [String: String]
    fileprivate(set) var items: [Item] = []

    subscript(_ attribute: String) -> String? { attributes[attribute] }

    var elements: [XMLTree] {
        items.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// The text of everything in it, in order.
    var text: [UInt8] {
        items.flatMap { item in
            switch item {
            case .element(let element): element.text
            case .text(let text): text
            }
        }
    }

    /// The first element that lies below the first elements of the names before.
    func first(_ path: String...) -> XMLTree? {
        var place = self
        for name in path {
            guard let next = place.elements.first(where: { $0.name == name }) else { return nil }
            place = next
        }
        return place
    }

    func all(_ name: String) -> [XMLTree] { elements.filter { $0.name == name } }

    /// Elements of that name at any depth, but not those that lie in one that was found.
    func descendants(_ name: String) -> [XMLTree] {
        elements.flatMap { $0.name == name ? [$0] : $0.descendants(name) }
    }

    func firstDescendant(_ name: String) -> XMLTree? {
        for element in elements {
            if element.name == name { return element }
            if let found = element.firstDescendant(name) { return found }
        }
        return nil
    }

    static func document(_ bytes: [UInt8]) throws(ParseFailure) -> XMLTree? {
        var reader = try XMLReader(bytes)
        while let event = try reader.next() {
            if case .start(let root) = event { return try reader.tree(of: root) }
        }
        return nil
    }
}

extension XMLReader {
    /// Reads to the end of the element that `next` gave. Its depth is bounded by the reader.
    mutating func tree(of element: Element) throws(ParseFailure) -> XMLTree {
        var open = [XMLTree(name: element.name, attributes: element.attributes)]
        var count = 0
        while let event = try next() {
            switch event {
            case .start(let element):
                count += 1
                guard count < XMLTree.elementsMax else { throw .tooManyBlocks }
                open.append(XMLTree(name: element.name, attributes: element.attributes))
            case .text(let text): open[open.count - 1].items.append(.text(text))
            case .end:
                let done = open.removeLast()
                if open.isEmpty { return done }
                open[open.count - 1].items.append(.element(done))
            }
        }
        throw .damaged
    }

    /// Passes over everything in the element that `next` gave.
    mutating func skip() throws(ParseFailure) {
        var depth = 1
        while let event = try next() {
            switch event {
            case .start: depth += 1
            case .end: depth -= 1
            case .text: break
            }
            if depth == 0 { return }
        }
        throw .damaged
    }
}
