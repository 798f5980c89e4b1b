/// What `GET /api/v1/audit/verification` says, for a person.
struct AuditVerdict: Decodable {
    struct Log: Decodable {
        let log: String
        let size: Int
        let root: String
    }

    struct Fault: Decodable { let message: String }

    let sound: Bool
    let logs: [Log]
    let fault: Fault?

    /// Prints each log; throws when a record is bad.
    func report(quietly: Bool) throws {
        if !quietly {
            for log in logs { Terminal.printData("\(log.log)  \(log.size) records  root \(log.root)") }
        }
        if let fault { throw CommandFailure.auditBroken(fault.message) }
        if !quietly { Terminal.say("The audit trail is whole.") }
    }
}
