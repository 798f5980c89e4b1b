import Foundation

/// What went wrong while a browser was driven.
enum BrowserFailure: Error, CustomStringConvertible {
    /// A program that the browser tests need is not installed.
    case missing(program: String)
    /// chromedriver ended or never began to answer.
    case notStarted(log: String)
    /// chromedriver's own error: `no such element`, with its sentence.
    case refused(command: String, error: String, message: String)
    /// A condition did not come true before the watchdog ended the wait; with what the page showed.
    case neverTrue(condition: String, page: String)

    var description: String {
        switch self {
        case .missing(let program):
            "\(program) is not installed. On Debian: apt-get install chromium chromium-driver"
        case .notStarted(let log): "chromedriver did not start: \(log)"
        case .refused(let command, let error, let message): "\(command): \(error): \(message)"
        case .neverTrue(let condition, let page): "never true: \(condition)\nThe page showed:\n\(page)"
        }
    }
}

/// The commands of W3C WebDriver that the tests use, over chromedriver's HTTP interface.
struct WebDriver: Sendable {
    /// `http://127.0.0.1:38231`
    let base: String
    /// `/session/{id}`; empty before there is one.
    var session = ""

    /// One command; gives the `value` of the reply. Throws `BrowserFailure.refused`.
    @discardableResult
    func send(_ method: String, _ path: String, _ body: [String: JSON] = [:]) async throws -> JSON {
        let content = method == "POST" ? try JSONEncoder().encode(body) : nil
        let data = try await DriverTransport.exchange(method, base + session + path, content)
        let value = try JSONDecoder().decode([String: JSON].self, from: data)["value"] ?? .null
        if let error = value["error"]?.text {
            throw BrowserFailure.refused(command: path, error: error, message: value["message"]?.text ?? "")
        }
        return value
    }
}

/// A JSON value, for a protocol whose replies have many shapes.
enum JSON: Codable, Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    var text: String? { if case .text(let value) = self { value } else { nil } }
    var number: Double? { if case .number(let value) = self { value } else { nil } }
    var items: [JSON] { if case .list(let value) = self { value } else { [] } }
    subscript(key: String) -> JSON? { if case .object(let value) = self { value[key] } else { nil } }

    /// False for null, false, zero and the empty text, as a script would say.
    var isTruthy: Bool {
        switch self {
        case .null, .boolean(false), .number(0), .text(""): false
        default: true
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(arrayLiteral elements: JSON...) { self = .list(elements) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(integerLiteral value: Int) { self = .number(Double(value)) }
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
