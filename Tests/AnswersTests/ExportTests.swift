import Access
import Foundation
import Kit
import Library
import TestKit
import Testing

@testable import Answers

@Suite struct ExportTests {
    @Test func `a conversation is taken along as its reader sees it now, and the rest is counted`() async throws {
        try await AnswersWorld.each { world in
            let document = try await world.document(AnswersWorld.leave, at: "leave.md")
            let ana = try await world.person("ana")
            let first = try await world.ask(as: ana)
            world.time.advance(by: .seconds(60))
            _ = try await world.answers.ask(
                .init("What is the capital of Mongolia?", conversation: first.conversation, after: first.id), by: ana,
                request: nil)
            let markdown = try await Self.text(world, first.conversation, .markdown, ana)
            #expect(markdown.hasPrefix("# How long does parental leave last?\n"))
            #expect(markdown.contains("Parental leave lasts sixteen weeks. \\[1\\]"))
            #expect(markdown.contains("- \\[1\\] Parental leave (leave.md, bytes "))
            #expect(
                markdown.contains("## What is the capital of Mongolia?") && markdown.contains("Not in the documents."))
            #expect(!markdown.contains("left out"))
            let json = try await Self.json(world, first.conversation, ana)
            #expect(json.turns.count == 2 && json.leftOut == 0 && json.turns[1].declined)
            #expect(json.turns[0].sources[0].quote == "Parental leave lasts sixteen weeks.")

            try await world.setAccess(ACLConstraint(deny: [.subject(ana.subject)]), of: document)
            let hidden = try await Self.text(world, first.conversation, .markdown, ana)
            #expect(
                !hidden.contains("sixteen") && !hidden.contains("leave.md") && !hidden.contains(document.description))
            #expect(hidden.contains("left out"))
            let counted = try await Self.json(world, first.conversation, ana)
            #expect(counted.leftOut == json.turns[0].sentences.count && counted.turns[0].sources.isEmpty)
        }
    }

    @Test func `nobody takes along what is not open to them`() async throws {
        try await AnswersWorld.each { world in
            try await world.document(AnswersWorld.leave, at: "leave.md")
            let (ana, ben) = (try await world.person("ana"), try await world.person("ben"))
            let asked = try await world.ask(as: ana)
            for stranger in [ben, world.admin] {
                await #expect(throws: AnswerFailure.notFound) {
                    try await world.answers.export(asked.conversation, as: .json, for: stranger, request: nil)
                }
            }
        }
    }

    @Test func `signs in documents and questions stay signs`() {
        #expect(ConversationMarkdown.plain("a *b* [c](d) <i> `e` # f_g") == ##"a \*b\* \[c\](d) \<i\> \`e\` \# f\_g"##)
        #expect(ConversationMarkdown.plain("- x\n\n===") == #"\- x ==="#)
        #expect(ConversationMarkdown.plain("12. May") == #"12\. May"#)
        #expect(ConversationMarkdown.plain("2026 was, 1.5 is") == "2026 was, 1.5 is")
        #expect(ConversationMarkdown.plain("") == "")
        // A mark that joins with the sign behind or before it hides it from a comparison of characters.
        for mark in ["\u{600}", "\u{d4e}"] {
            #expect(ConversationMarkdown.plain("\(mark)<img>") == "\(mark)\\<img\\>")
        }
        #expect(ConversationMarkdown.plain("*\u{fe0f}a") == "\\*\u{fe0f}a")
    }

    private static func text(
        _ world: AnswersWorld, _ id: ConversationID, _ format: ConversationExport.Format, _ reader: Principal
    ) async throws -> String {
        String(
            decoding: try await world.answers.export(id, as: format, for: reader, request: nil), as: UTF8.self)
    }

    private static func json(
        _ world: AnswersWorld, _ id: ConversationID, _ reader: Principal
    ) async throws -> ConversationExport {
        try JSONDecoder().decode(
            ConversationExport.self, from: Data(try await text(world, id, .json, reader).utf8))
    }
}
