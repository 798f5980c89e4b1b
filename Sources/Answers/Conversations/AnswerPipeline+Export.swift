import AuditTrail
import Kit
import Storage

extension AnswerPipeline {
    /// All turns with what this reader may see of them at this moment. An entry of the audit log tells that it was
    /// taken, and how much of it was left out.
    func export(
        _ id: ConversationID, as format: ConversationExport.Format, for principal: Principal, request: RequestID?
    ) async throws -> [UInt8] {
        let conversation = try await conversation(id, for: principal)
        var turns: [ConversationExport.Turn] = []
        for answer in try await self.turns(of: id, for: principal) {
            turns.append(ConversationExport.Turn(answer, try await shown(answer, for: principal)))
        }
        let export = ConversationExport(
            conversation: id, title: conversation.title, created: conversation.created.text,
            exported: clock.now().text, leftOut: turns.reduce(0) { $0 + $1.leftOut }, turns: turns)
        try await audit.record(
            AuditEntry(
                action: "conversations.export", subject: principal.subject, resource: id.description,
                request: request, facts: ["format": format.rawValue, "leftOut": String(export.leftOut)]),
            for: .tenant(principal.tenant))
        return try export.bytes(as: format)
    }
}
