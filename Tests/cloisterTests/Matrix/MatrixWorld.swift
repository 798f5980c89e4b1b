import HTTPKit
import HTTPTypes
import Kit

/// A document of the permission matrix. Its canary stands in its text, its title and its path, and in no question.
struct Plant: Sendable {
    let name: String
    let canary: String
    /// A sentence that answers the question.
    let fact: String
    let question: String
    /// Everybody who may read it; all others must not learn that it exists.
    let readers: Set<String>
    var folder = "open"
    var label: String?

    var path: String { "\(folder)/\(canary)path.md" }
    var text: String { "# The \(canary)title notes\n\n\(fact)\n\nThe reference of this page is \(canary).\n" }
}

extension Plant {
    static let collectionAllowed = Plant(
        name: "allowed by the collection", canary: "quibnax", fact: "The night handover takes eleven minutes.",
        question: "How long does the night handover take?", readers: ["owner", "member", "nested", "low"])
    static let folderRestricted = Plant(
        name: "in a restricted folder", canary: "vorplen", fact: "The pharmacy fridge is kept at four degrees.",
        question: "At which temperature is the pharmacy fridge kept?", readers: ["owner", "nested"], folder: "night")
    static let inherited = Plant(
        name: "restricted two levels up", canary: "dramzil", fact: "The generator is tested every second Tuesday.",
        question: "When is the generator tested?", readers: ["owner", "member"], folder: "deep/inner/far")
    static let documentDenied = Plant(
        name: "denied by the document", canary: "snorvik", fact: "Visitors park their cars behind the chapel.",
        question: "Where do visitors park their cars?", readers: ["owner", "nested", "low"])
    static let labelled = Plant(
        name: "labelled confidential", canary: "glimtor", fact: "The harbour clinic is bought in June.",
        question: "When is the harbour clinic bought?", readers: ["owner", "nested"], label: "confidential")
    static let movedIn = Plant(
        name: "moved into the restricted folder", canary: "frondex",
        fact: "The piano in the day room was tuned in March.",
        question: "When was the piano in the day room tuned?", readers: ["owner", "nested"])
    static let movedOut = Plant(
        name: "moved out of the restricted folder", canary: "bliskun", fact: "The laundry collects linen at seven.",
        question: "When does the laundry collect linen?", readers: ["owner", "member", "nested", "low"],
        folder: "night")
    static let deleted = Plant(
        name: "deleted", canary: "krumvel", fact: "A carpenter repaired the roof of the greenhouse.",
        question: "Who repaired the roof of the greenhouse?", readers: [])
    static let hall = Plant(
        name: "open to everyone", canary: "plintov", fact: "The canteen serves soup on Fridays.",
        question: "On which day does the canteen serve soup?",
        readers: ["owner", "member", "nested", "denied", "low", "other", "admin"])
    static let foreign = Plant(
        name: "of the second tenant", canary: "zwirbal", fact: "The submarine museum opens at ten.",
        question: "When does the submarine museum open?", readers: ["stranger"])

    static let all = [
        collectionAllowed, folderRestricted, inherited, documentDenied, labelled, movedIn, movedOut, deleted, hall,
        foreign,
    ]
}

/// Two tenants with everybody and everything of the matrix.
struct MatrixWorld: Sendable {
    static let people = [
        "owner", "member", "nested", "denied", "low", "other", "admin", "expired", "suspended", "stranger", "guest",
    ]

    let house: TestPlatform
    let callers: [String: Caller]
    let subjects: [String: String]
    /// By the name of the plant.
    let sent: [String: Sent]
    let clinic, hall, foreign: String
    var collections: [String] { [clinic, hall, foreign] }

    func caller(_ name: String) -> Caller { callers[name] ?? house.guest }
    /// A plant that was never sent has no identifier, and a test that asks for it is wrong.
    func sent(_ plant: Plant) -> Sent { sent[plant.name] ?? Sent(document: "", version: "", job: "") }

    func collection(of plant: Plant) -> String {
        switch plant.name {
        case Plant.hall.name: hall
        case Plant.foreign.name: foreign
        default: clinic
        }
    }
}
