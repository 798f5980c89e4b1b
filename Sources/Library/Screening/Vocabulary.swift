/// The words that the scanner knows, in lower case.
enum Vocabulary {
    enum Part: Int { case verb, thing, which }

    /// What one word may say.
    struct Meaning {
        var cues: [TextScanner.Cue] = []
        var parts: [(language: Int, part: Part)] = []
        var isNegator = false
        var isLateNegator = false
        var isSpeaker = false
        var isAddress = false
    }

    /// How one language orders a model about.
    struct Order {
        let verbs, things, which: String
        /// Whether the verb may follow what it is about.
        var verbMayEnd = false
    }

    /// English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian; and English for giving away what
    /// a model was told.
    static let orders = [
        Order(
            verbs: "ignore disregard forget",
            things: "instructions instruction prompt prompts directives rules guidelines",
            which: "previous prior above earlier preceding foregoing all your system initial original"),
        Order(
            verbs: "ignoriere ignorier ignorieren ignoriert vergiss vergesst vergessen missachte missachten",
            things: "anweisungen anweisung instruktionen vorgaben regeln befehle",
            which: "vorherigen vorherige vorigen vorige bisherigen bisherige obigen obige früheren alle deine ihre",
            verbMayEnd: true),
        Order(
            verbs: "ignore ignorez ignorer oublie oubliez oublier", things: "instructions consignes directives règles",
            which: "précédentes précédente précédents antérieures toutes tes"),
        Order(
            verbs: "ignora ignore ignoren ignorar olvida olvide olvidar",
            things: "instrucciones indicaciones órdenes reglas", which: "anteriores previas todas tus"),
        Order(
            verbs: "ignora ignorate ignorare dimentica dimenticate dimenticare",
            things: "istruzioni indicazioni regole", which: "precedenti tutte tue"),
        Order(
            verbs: "ignore ignora ignorar esqueça esquece esquecer", things: "instruções orientações regras",
            which: "anteriores prévias todas suas tuas"),
        Order(
            verbs: "negeer negeren vergeet vergeten", things: "instructies instructie aanwijzingen regels",
            which: "vorige voorgaande eerdere bovenstaande alle je", verbMayEnd: true),
        Order(
            verbs: "zignoruj ignoruj zignorować zapomnij", things: "instrukcje polecenia zasady",
            which: "poprzednie wcześniejsze powyższe wszystkie"),
        Order(
            verbs: "игнорируй игнорируйте проигнорируй проигнорируйте забудь забудьте",
            things: "инструкции указания команды правила", which: "предыдущие прежние все"),
        Order(
            verbs: "reveal print show repeat output leak disclose", things: "prompt prompts",
            which: "system hidden initial"),
    ]

    /// Right before a verb. The `t` is what a curved apostrophe leaves of "don't".
    private static let negators = "not never don't cannot t no non não nunca nie не"
    private static let lateNegators = "nicht niemals pas jamais niet"
    private static let speakers = "system assistant developer"
    /// Whoever sets a model's role speaks to it.
    private static let addresses = "you your you're ignore du sie vous tu eres"

    private static let cues: [(TextScanner.Cue, String)] = [
        (
            .phone,
            "tel telephone phone mobile fax call whatsapp hotline fon telefon handy mobil rufnummer téléphone portable "
                + "teléfono telefono móvil cellulare telefone telefoon"
        ),
        (
            .birth,
            "born birth birthdate birthday dob geboren geburtsdatum geburtstag geb naissance né née nacimiento nacido "
                + "nacida nascita nato nata nascimento geboortedatum urodzenia"
        ),
        (
            .month,
            "january february march april may june july august september october november december jan feb mar apr jun "
                + "jul aug sep oct nov dec januar februar märz mai juni juli oktober dezember janvier février mars "
                + "avril juin juillet août septembre octobre novembre décembre"
        ),
        (.socialSecurity, "ssn security"), (.health, "nhs"),
        (.tax, "tin tax steuer idnr steuernummer steueridentifikationsnummer identifikationsnummer"),
        (.identity, "dni nif nie"),
    ]

    static let meanings: [String: Meaning] = {
        var meanings: [String: Meaning] = [:]
        func add(_ words: String, _ change: (inout Meaning) -> Void) {
            for word in words.split(separator: " ") { change(&meanings[String(word), default: Meaning()]) }
        }
        for (language, order) in orders.enumerated() {
            add(order.verbs) { $0.parts.append((language, .verb)) }
            add(order.things) { $0.parts.append((language, .thing)) }
            add(order.which) { $0.parts.append((language, .which)) }
        }
        for (cue, words) in cues { add(words) { $0.cues.append(cue) } }
        add(negators) { $0.isNegator = true }
        add(lateNegators) { $0.isLateNegator = true }
        add(speakers) { $0.isSpeaker = true }
        add(addresses) { $0.isAddress = true }
        return meanings
    }()

    /// What models are fed with, or write, between texts; in lower case.
    static let markers: [(text: [UInt8], kind: FindingKind)] = {
        let roles = [
            "<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|endoftext|>", "<|eot_id|>",
            "<|start_header_id|>", "<<sys>>", "[inst]", "[/inst]", "### instruction:", "### system:",
        ]
        let tools = [
            "<tool_call", "<tool_use", "<function_call", "<function=", "<invoke name=", "\"tool_calls\"",
            "\"function_call\"",
        ]
        return roles.map { (Array($0.utf8), .roleMarker) } + tools.map { (Array($0.utf8), .toolCall) }
    }()

    /// Ends of file names that look like addresses: `picture@2x.png`.
    static let fileEndings: Set<String> = ["png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "html"]
}
