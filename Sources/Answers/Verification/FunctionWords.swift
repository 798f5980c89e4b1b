/// Words that say how a sentence is built, not what it is about. Longer than the stop words of the index, which must
/// find "to be or not to be".
enum FunctionWords {
    static let all: Set<String> = Set(
        """
        a about after all also am an and another any are as at be because been before being between both but by can
        could did do does doing done during each either else every few for from further had has have having he her here
        hers him his how however i if in into is it its itself just may me might more most must my neither no nor not
        of off on once one only or other our out over own per s shall she should since so some such than that the
        their them then there these they this those through to too under until up upon us very was we were what when
        where whether which while who whom whose why will with within without would you your yours
        according anyone anything does don't doesn't else ever it's let like much many one's please same someone
        something therefore thus yes
        der die das den dem des ein eine einer einem einen und oder ist sind war wird werden mit von zu im in auf für
        bei nach aus am als auch wie was wer wo wann es sie er wir ihr nicht kein keine
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
