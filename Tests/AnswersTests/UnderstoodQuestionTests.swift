import Testing

@testable import Answers

@Suite struct UnderstoodQuestionTests {
    @Test(arguments: [
        "And for nights?", "what about visitors?", "Why?", "How long does it last?", "Who pays for that?",
        "und nachts?",
    ])
    func `a follow-up brings its question along`(text: String) {
        let question = UnderstoodQuestion(text, after: ["What does parking cost for staff?"])
        #expect(question.isFollowUp && question.searched == "What does parking cost for staff? " + text)
        #expect(question.asked == text)
        #expect(UnderstoodQuestion(text).searched == text)
    }

    @Test(arguments: [
        "How many days of annual leave do nurses get?", "Where is the crash trolley of ward 3B kept?",
        "What is the limit for purchases without a tender?",
    ])
    func `a question of its own stands alone`(text: String) {
        #expect(UnderstoodQuestion(text, after: ["What does parking cost for staff?"]).searched == text)
    }

    @Test func `a chain of follow-ups goes back to the question that stands alone`() {
        let question = UnderstoodQuestion(
            "and on Sundays?", after: ["Who cleans the theatre?", "What does parking cost for staff?", "And visitors?"])
        #expect(question.searched == "What does parking cost for staff? And visitors? and on Sundays?")
    }
}
