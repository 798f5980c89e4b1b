/// The shape of a JSON value, for the OpenAPI 3.1 document.
package indirect enum SchemaNode: Equatable, Sendable {
    case string(format: String?)
    case integer
    case number
    case boolean
    case oneOf([String])
    case array(SchemaNode)
    case object([Field])
    case map(SchemaNode)
    case bytes(contentType: String)
    case events
    case any

    package struct Field: Equatable, Sendable {
        package let name: String
        package let node: SchemaNode
        package let required: Bool

        package init(name: String, node: SchemaNode, required: Bool) {
            self.name = name
            self.node = node
            self.required = required
        }
    }
}
