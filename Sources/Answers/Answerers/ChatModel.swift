import Foundation
import HTTPTypes
import Kit
import Outbound

/// A language model behind any OpenAI-compatible chat endpoint, as a writer of sentences that cite their passages.
///
/// What it sends is data: text of the first choice is read, everything else is dropped. Nothing of it is shown before
/// the verifier has passed it.
package struct ChatModel: Sendable {
    package let name: String
    private let endpoint: OutboundURL
    private let key: String?
    private let client: RetryingClient
    private let bounds: Bounds

    package struct Bounds: Sendable {
        /// Until the first byte of the answer.
        package var firstByte: Duration = .seconds(60)
        package var total: Duration = .seconds(300)
        package var tokensMax = 800
        package var bytesMax = 8 << 20

        package init() {}
    }

    /// - Parameter base: of the API, such as `http://127.0.0.1:8080/v1`.
    package init(
        name: String, base: String, key: String?, client: RetryingClient, bounds: Bounds = Bounds()
    ) throws {
        self.name = name
        endpoint = try OutboundURL(base.hasSuffix("/") ? base + "chat/completions" : base + "/chat/completions")
        self.key = key
        self.client = client
        self.bounds = bounds
    }

    /// The sentences of the answer, each as soon as it is complete. Ends early when the consumer goes away.
    func sentences(for task: AnswerTask) -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream { continuation in
            let work = Task {
                do {
                    try await stream(task) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }

    private func stream(_ task: AnswerTask, _ yield: @escaping @Sendable (String) -> Void) async throws {
        try await client.send(try request(for: task)) { answer in
            guard answer.status == 200 else { throw ChatModelFailure.refused(status: answer.status) }
            var events = ChatEventReader()
            var sentences = SentenceStream()
            for try await bytes in answer.body {
                for text in try events.take(bytes) {
                    for sentence in sentences.take(text) { yield(sentence) }
                }
                if events.isDone { break }
            }
            guard events.isDone else { throw ChatModelFailure.brokenOff }
            for sentence in sentences.end() { yield(sentence) }
        }
    }

    private func request(for task: AnswerTask) throws -> OutboundRequest {
        let body = ChatRequest(
            model: name, messages: AnswerPrompt.current.messages(for: task), stream: true, temperature: 0,
            max_tokens: bounds.tokensMax)
        var headers: HTTPFields = [.contentType: "application/json", .accept: "text/event-stream"]
        if let key { headers[.authorization] = "Bearer " + key }
        var request = OutboundRequest(.post, endpoint, headers: headers, body: Array(try JSONEncoder().encode(body)))
        request.redirectsMax = 0
        request.limits.firstByte = bounds.firstByte
        request.limits.total = bounds.total
        request.limits.bodyBytesMax = bounds.bytesMax
        return request
    }
}

package enum ChatModelFailure: Error, Equatable {
    case refused(status: Int)
    /// The stream ended before the model said that it was done.
    case brokenOff
    /// A line of the stream is longer than any event may be.
    case lineTooLong
}

struct ChatMessage: Codable, Equatable, Sendable {
    let role: String
    let content: String
}

private struct ChatRequest: Encodable {
    let model: String
    let messages: [ChatMessage]
    let stream: Bool
    let temperature: Int
    let max_tokens: Int
}
