import HTTPTypes
import Kit
import Outbound

/// Which parts of a JSON interface are documents: written down by an operator, so that a new source needs no release.
package struct RestSettings: Sendable {
    /// How the list goes on after one answer.
    package enum Paging: Hashable, Sendable {
        case none
        /// The address of the next answer stands at this pointer.
        case address(pointer: String)
        /// What stands at this pointer goes into this parameter.
        case cursor(pointer: String, parameter: String)
        /// The number of the page goes into this parameter; an empty page is the last.
        case number(parameter: String, first: Int)
    }

    package enum Content: Hashable, Sendable {
        /// The item itself carries its text at this pointer.
        case text(pointer: String, mediaType: String)
        /// The item carries the address of its bytes at this pointer.
        case address(pointer: String)
        /// `https://host/files/{id}`.
        case template(String)
    }

    package enum Readers: Hashable, Sendable {
        /// The source states none: the rule of the collection alone counts.
        case collection
        /// Lists of names in each item; an item without a list that should be there is for nobody.
        case items(users: String?, groups: String?, usersAreEmails: Bool)
    }

    package var list: String
    package var items = ""
    package var id: String
    package var content: Content
    /// Required: who may read is never assumed.
    package var readers: Readers?
    package var title: String?
    package var path: String?
    /// What changes whenever the item does; without it, all that the list says about the item.
    package var version: String?
    package var modified: String?
    package var paging = Paging.none
    /// `https://host/items/{id}`: one item as the list gives it. Without it an item is looked up in the list.
    package var item: String?
    /// Sent to the origin of the list and nowhere else.
    package var secret: Secret?
    package var header = "Authorization"
    /// Origins besides that of the list from which content may come.
    package var origins: [String] = []
    package var limits = SourceLimits()

    package static let mediaTypes = ["html": "text/html", "markdown": "text/markdown", "plain": "text/plain"]
    package static let originsMax = 32

    package init(list: String, id: String, content: Content) {
        self.list = list
        self.id = id
        self.content = content
        limits.listBytesMax = 16 << 20
    }

    /// Everything that changes what is listed; the secret is not among it.
    var forms: [String] {
        let optional = [title, path, version, modified, item].map { $0.map { "+" + $0 } ?? "" }
        return [list, items, id, "\(content)", "\(String(describing: readers))", "\(paging)"] + optional + origins
    }
}
