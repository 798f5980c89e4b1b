/// Why a file could not be read. The raw value is stored and shown; it holds no content.
package enum ParseFailure: String, Error, Equatable, Sendable, CaseIterable {
    case empty
    case notText = "not_text"
    case unknownCharacterSet = "unknown_character_set"
    case noText = "no_text"
    case unsupported
    case oldOffice = "old_office"
    case encrypted
    case damaged
    case textTooLong = "text_too_long"
    case tooManyBlocks = "too_many_blocks"
    case tooManyParts = "too_many_parts"
    case tooManyPages = "too_many_pages"
    case tooDeep = "too_deep"
    case expandsTooFar = "expands_too_far"
    case timedOut = "timed_out"
    case outOfMemory = "out_of_memory"
    case crashed
    case converterMissing = "converter_missing"
    case jailUnavailable = "jail_unavailable"

    /// What is wrong and what to do, for the person who uploaded the file.
    package var sentence: String {
        switch self {
        case .empty: "The file is empty."
        case .notText: "The file holds binary data of a kind that is not read."
        case .unknownCharacterSet: "The file's character set is not known. Save it as UTF-8 and upload it again."
        case .noText: "There is no text in this file."
        case .unsupported: "This kind of file is not read."
        case .oldOffice: "This is an Office file of before 2007. Save it as DOCX, XLSX or PPTX and upload it again."
        case .encrypted: "The file is protected by a password. Remove the protection and upload it again."
        case .damaged: "The file is damaged or cut off. Open it where it comes from, save it and upload it again."
        case .textTooLong: "The file holds more text than one document may. Split it and upload the parts."
        case .tooManyBlocks: "The file holds more paragraphs than one document may. Split it and upload the parts."
        case .tooManyParts: "The archive holds too many files. Unpack it and upload the folder."
        case .tooManyPages: "The file has too many pages. Split it and upload the parts."
        case .tooDeep: "Files lie in files too deep here. Unpack them and upload the folder."
        case .expandsTooFar: "The file unpacks to far more than its size. Unpack it and upload what matters."
        case .timedOut: "Reading this file took too long and was stopped. Split it, or save it in a simpler format."
        case .outOfMemory: "Reading this file took too much memory and was stopped. Split it and upload the parts."
        case .crashed: "Reading this file failed. Save it in another format and upload it again."
        case .converterMissing: "The program that reads this kind of file is not installed. Ask an administrator."
        case .jailUnavailable: "Files cannot be read safely on this machine. Ask an administrator to run the doctor."
        }
    }
}

/// Bounds on one file with everything in it.
package struct ParseLimits: Equatable, Sendable {
    /// Of the normalised text.
    package var textBytesMax = 32 << 20
    package var blocksMax = 500_000
    /// Attachments and archive members of all depths together.
    package var partsMax = 10_000
    /// Files within files.
    package var depthMax = 4
    package var pagesMax = 10_000
    /// Everything that was unpacked.
    package var expandedBytesMax = 256 << 20
    /// Unpacked bytes for each packed one, once more than `expandedFreeBytes` were unpacked.
    package var expansionRatioMax = 100
    package var expandedFreeBytes = 8 << 20
    /// Pages that are recognised from their image.
    package var recognisedPagesMax = 500

    package init() {}
}
