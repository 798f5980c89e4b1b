/// A picture of text: the words that the recogniser finds, as on a page of the picture's size.
enum ImageParser: FormatParser {
    static let version = "image/1"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let header = try ImageHeader(source.bytes, source.format)
        guard session.takeRecognisedPage() else { throw .tooManyPages }
        let words = try session.convert(.imageWords, source.bytes)
        let pages = RecognisedWords.pages(words, scale: 72 / header.dotsPerInch)
        var survey = DocumentSurvey()
        for page in pages { survey.add(page) }
        survey.finish()
        if pages.contains(where: { !$0.lines.isEmpty }) { session.note(.recognisedText) }
        for (number, page) in pages.enumerated() where !session.writer.isFull {
            session.writer.write(page, number: number + 1, PageComposer(survey: survey))
        }
    }
}
