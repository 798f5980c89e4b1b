/// A transaction as its closure sees it, on either engine.
final class WriteTransaction: Transaction {
    let scope: WriteScope
    private let connection: any SQLConnection
    private(set) var signals: [Signal] = []

    init(_ scope: WriteScope, on connection: any SQLConnection) {
        self.scope = scope
        self.connection = connection
    }

    var dialect: SQLDialect { connection.dialect }

    func rows(_ statement: SQLStatement) throws -> [SQLRow] { try connection.rows(statement) }

    @discardableResult
    func execute(_ statement: SQLStatement) throws -> Int { try connection.execute(statement) }

    func nextChange() throws -> ChangeSequence { try connection.takeChange(of: scope) }

    func publish(_ signal: Signal) { signals.append(signal) }
}
