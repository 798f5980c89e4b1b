/// Where bold text stands on each page, by `pdftohtml -xml`: words' boxes do not tell it, and a heading of the body's
/// size is known by nothing else. Also how large each page is as it is shown, and the outline of the file.
struct BoldRuns {
    /// Runs of one height on the page that are looked at; a hostile page has more.
    private static let runsPerBandMax = 64
    private static let bandHeight = 4.0
    private var elements: PageElements
    private var boldFonts: Set<String> = []
    private var bands: [Int: [Rectangle]] = [:]
    /// Of this page.
    private(set) var size: PageSize?

    init(_ xml: [UInt8]) { elements = PageElements(xml) }

    /// Goes to the next page.
    mutating func advance() {
        bands = [:]
        size = nil
        guard let bytes = elements.next() else { return }
        do {
            var reader = try XMLReader(bytes, isLenient: true)
            var run: Rectangle?
            while let event = try reader.next() { take(event, &run) }
        } catch {
            // Bold text that is not known to be bold is still read.
        }
    }

    private mutating func take(_ event: XMLReader.Event, _ run: inout Rectangle?) {
        guard case .start(let element) = event else { return }
        switch element.name {
        case "page": size = PageSize(element)
        case "fontspec":
            if let id = element["id"], Self.isBold(element["family"] ?? ""), boldFonts.count < 100_000 {
                boldFonts.insert(id)
            }
        case "text":
            let box = Rectangle(
                left: element.number("left"), top: element.number("top"),
                right: element.number("left") + element.number("width"),
                bottom: element.number("top") + element.number("height"))
            let isBold = boldFonts.contains(element["font"] ?? "")
            if isBold { add(box) }
            run = isBold ? nil : box
        case "b":
            if let box = run { add(box) }
            run = nil
        default: break
        }
    }

    /// Computer Modern calls its bold faces BX.
    static func isBold(_ family: String) -> Bool {
        let name = family.lowercased()
        return ["bold", "black", "heavy", "cmbx", "sfbx"].contains { name.contains($0) }
    }

    private mutating func add(_ box: Rectangle) {
        let band = Int(box.middle / Self.bandHeight)
        if bands[band, default: []].count < Self.runsPerBandMax { bands[band, default: []].append(box) }
    }

    /// Whether nearly the whole line is bold.
    func covers(_ line: Rectangle) -> Bool {
        let band = Int(line.middle / Self.bandHeight)
        let runs = (band - 1...band + 1).flatMap { bands[$0] ?? [] }
        let covered = runs.reduce(0) { $0 + max(0, min($1.right, line.right) - max($1.left, line.left)) }
        return covered > 0.85 * line.width
    }
}

/// Titles of a PDF's outline and how deep they lie in it.
struct PDFOutline {
    private static let itemsMax = 20_000
    private var levels: [String: Int] = [:]

    init(_ xml: [UInt8]) {
        var elements = PageElements(xml)
        while elements.next() != nil {}
        do {
            var reader = try XMLReader(Array("<rest>".utf8) + elements.rest, isLenient: true)
            var (depth, title): (Int, [UInt8]?) = (0, nil)
            while let event = try reader.next(), levels.count < Self.itemsMax { take(event, &depth, &title) }
        } catch {
            // An outline only helps to see headings.
        }
    }

    private mutating func take(_ event: XMLReader.Event, _ depth: inout Int, _ title: inout [UInt8]?) {
        switch event {
        case .start(let element) where element.name == "outline": depth += 1
        case .end("outline"): depth -= 1
        case .start(let element) where element.name == "item": title = []
        case .text(let text): title? += text
        case .end("item"):
            let key = Self.key(String(decoding: title ?? [], as: UTF8.self))
            if key.utf8.count >= 3, levels[key] == nil { levels[key] = max(1, min(depth, 6)) }
            title = nil
        default: break
        }
    }

    func level(of text: String) -> Int? { levels.isEmpty ? nil : levels[Self.key(text)] }

    /// Letters only: outlines leave out numbers, and space differs.
    private static func key(_ text: String) -> String { String(text.prefix(300).filter(\.isLetter)).lowercased() }
}
