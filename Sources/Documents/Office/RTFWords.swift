/// Control words that need no code of their own (RTF 1.9.1).
enum RTFWords {
    /// Text by its name.
    static let characters = [
        "emdash": "\u{2014}", "endash": "\u{2013}", "lquote": "\u{2018}", "rquote": "\u{2019}",
        "ldblquote": "\u{201c}", "rdblquote": "\u{201d}", "bullet": "\u{2022}",
    ]

    /// Marked as optional, and yet read.
    static let read: Set<String> = ["shpinst", "moMath", "moMathPara", "cs", "ts"]

    /// Destinations that hold no words of the document.
    static let skipped: Set<String> = [
        "colortbl", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf",
        "annotation", "atnid", "atnauthor", "atntime", "atnicn", "atnref", "fldinst", "filetbl", "listtable",
        "listoverridetable", "revtbl", "objdata", "objclass", "nonshppict", "nonesttables", "ftnsep", "ftnsepc",
        "aftnsep", "aftnsepc", "sp", "tc", "xe", "txe", "rxe", "template", "private", "bkmkstart", "bkmkend",
        "author", "operator", "company", "category", "keywords", "comment", "subject", "manager", "doccomm",
        "hlinkbase", "creatim", "revtim", "printim", "buptim", "do", "pn", "mctrlPr", "panose", "falt",
    ]
}
