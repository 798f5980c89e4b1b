/// What tells a language from others in the same script.
struct LanguageProfile {
    let language: String
    /// Short words that stand in nearly every paragraph.
    let words: Set<String>
    /// Letters that few others use. Each is worth a third of a word that no other language has.
    let letters: Set<Unicode.Scalar>

    private static let letterPoints = 0.33
    /// For each word: lists of names and numbers have hardly any of the words that sentences cannot do without.
    private static let pointsOfWordsMin = 0.04
    /// Points for a text of very few words to be believed.
    private static let pointsMin = 0.9

    init(_ language: String, _ words: String, letters: String = "") {
        self.language = language
        self.words = Set(words.split(separator: " ").map(String.init))
        self.letters = Set(letters.unicodeScalars)
    }

    /// All languages of one script.
    struct Family {
        let languages: [String]
        /// The languages of a word or letter, by position.
        let words: [String: [Int]]
        let letters: [Unicode.Scalar: [Int]]

        init(_ profiles: [LanguageProfile]) {
            languages = profiles.map(\.language)
            let numbered = profiles.enumerated()
            words = Dictionary(grouping: numbered.flatMap { at, profile in profile.words.map { ($0, at) } }, by: \.0)
                .mapValues { $0.map(\.1) }
            letters = Dictionary(
                grouping: numbered.flatMap { at, profile in profile.letters.map { ($0, at) } }, by: \.0
            )
            .mapValues { $0.map(\.1) }
        }

        /// A word that several languages share counts less for each of them. `text` is in lower case.
        func best(for text: String) -> LanguageIdentifier.Finding? {
            var points = [Double](repeating: 0, count: languages.count)
            let all = text.unicodeScalars.split { !Self.isPartOfWord($0) }
            for (word, count) in Self.counted(all) {
                guard let sharing = words[word] else { continue }
                // A letter alone is as often the name of a column or of a variable.
                let weight = word.unicodeScalars.count > 1 ? count : letterPoints
                for index in sharing { points[index] += weight / Double(sharing.count) }
            }
            for scalar in text.unicodeScalars where !scalar.isASCII {
                guard let sharing = letters[scalar] else { continue }
                for index in sharing { points[index] += letterPoints / Double(sharing.count) }
            }
            let enough = max(pointsMin, Double(all.count) * pointsOfWordsMin)
            guard points.contains(where: { $0 >= enough }) else { return nil }
            return LanguageIdentifier.finding(zip(languages, points).map { ($0, $1) })
        }

        private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
            if scalar.isASCII { return UInt8(truncatingIfNeeded: scalar.value).isLetter }
            return scalar.properties.isAlphabetic || scalar == "\u{300}"
        }

        private static func counted(_ words: [Substring.UnicodeScalarView.SubSequence]) -> [String: Double] {
            Dictionary(words.map { (String($0), 1) }, uniquingKeysWith: +)
        }
    }
}

extension LanguageProfile {
    static let latin = Family([
        LanguageProfile(
            "en",
            "the and of to is that it for was with as are this be on by not or have from at which you they were has "
                + "but what all their there will would can if more when who been its his her she he we your our my"),
        LanguageProfile(
            "de",
            "der die das und ist nicht von zu den mit sich des auf für dem im ein eine einen einem einer eines als "
                + "auch werden aus hat dass sie nach wird bei noch wie um am aber war haben nur oder vor zur bis mehr "
                + "durch man sein wurde sind wenn ich wir ihr uns zum über kann", letters: "äöüß"),
        LanguageProfile(
            "fr",
            "le la les des et un une du en est que qui dans pour pas sur au aux plus par ce cette ces il elle ils nous "
                + "vous je ne se avec sont mais comme été être ont tout leur ou où sans même aussi fait à d l qu c n s "
                + "j", letters: "çèéêàùûœîô"),
        LanguageProfile(
            "it",
            "il lo la gli le di che è e un una uno del della dei delle degli nel nella con per non si sono come più "
                + "anche questo questa alla al dal dalla ma ha hanno era loro essere suo sua ci io mi da ai sul sulla "
                + "perché", letters: "àèìòù"),
        LanguageProfile(
            "es",
            "el la los las de que y en un una unos es por con no para se lo su sus al del como más pero este esta está "
                + "son fue ha han todo también muy cuando sobre entre sin hay ser porque desde nos me yo le les donde",
            letters: "ñ¿¡áíóú"),
        LanguageProfile(
            "pt",
            "o os a as de que e em um uma do da dos das no na nos nas não é com por para se ao mais como mas foi são "
                + "está ou seu sua também muito já pelo pela isso esta este ele ela eu você nós até quando tem ser",
            letters: "ãõçáâêóú"),
        LanguageProfile(
            "ca",
            "el la els les de que i en un una amb per és no del dels al als aquest aquesta però més com són ha han "
                + "també seva seu molt entre sobre quan tot fins va ser hi ho", letters: "çàèéíïòóú·"),
        LanguageProfile(
            "nl",
            "de het een en van is in dat op te zijn met voor niet aan er om ook als maar door bij naar uit nog wordt "
                + "worden heeft hebben deze dit die was werd kan meer over zich ze hij wij je ik u geen wat dan of tot",
            letters: "ĳ"),
        LanguageProfile(
            "pl",
            "i w na z do nie się że jest to o jak po co tak za od ale przez dla być są oraz który która które był była "
                + "było może tym tego jego jej ich już tylko lub przed ten ta te czy gdy pod", letters: "ąćęłńśźżó"),
        LanguageProfile(
            "cs",
            "a v se na je že s z do to o i k ve pro jako za by ale jsou po od jeho který která které není bylo byl "
                + "byla nebo také jsem při jen když už této tento jeji tak co aby až podle mezi",
            letters: "ěščřžýůťďňáíé"),
        LanguageProfile(
            "sk",
            "a v sa na je že s z do to o i k vo pre ako za by ale sú po od jeho ktorý ktorá ktoré nie bolo bol bola "
                + "alebo tiež som pri len keď už tejto tento tak čo aby až podľa medzi", letters: "ľĺŕôäščžýťďňáíé"),
        LanguageProfile(
            "sv",
            "och att det i en som är på för av med den till inte har om ett de jag var men vid så från kan han hon vi "
                + "när ska också eller efter då nu alla under utan hade vara blir där mycket detta ni sig",
            letters: "åäö"),
        LanguageProfile(
            "da",
            "og at det i en som er på for af med den til ikke har om et de jeg var men ved så fra kan han hun vi når "
                + "skal også eller efter nu alle under uden havde være bliver blev hvor meget dette sig noget nogle "
                + "mig hvad kun mellem", letters: "æøå"),
        LanguageProfile(
            "no",
            "og at det i en som er på for av med den til ikke har om et de jeg var men ved så fra kan han hun vi når "
                + "skal også eller etter nå alle under uten hadde være blir ble hvor mye dette seg noe noen meg hva "
                + "bare mellom å bli", letters: "æøå"),
        LanguageProfile(
            "fi",
            "ja on ei se että oli hän mutta ovat kun niin myös tai kuin joka mukaan sen sekä jos ole olla hänen siitä "
                + "nyt vain tämä tämän ne jotka en voi minä sinä me te he mitä vielä sitten kanssa ennen jälkeen",
            letters: "äö"),
        LanguageProfile(
            "et",
            "ja on ei see et oli ta aga kui ka või mis ning selle oma siis ma kes nii seda nende pärast juba kõik mida "
                + "veel kuid üks saab olla tema meie teie", letters: "õäöü"),
        LanguageProfile(
            "hu",
            "a az és hogy nem is egy ez volt meg de csak már van mint vagy el ha még azt ki azonban majd lesz minden "
                + "én ő mi ti ők kell között után lehet volna nagyon ezt ennek szerint sem be fel", letters: "őűáéíóöúü"
        ),
        LanguageProfile(
            "tr",
            "ve bir bu da de için ile çok olarak daha gibi olan ne o ki kadar sonra var ama en değil mi her ben sen "
                + "biz siz onlar şey veya göre yok ise tarafından olduğu oldu olduğunu ya diye hem", letters: "ğışçöü"),
        LanguageProfile(
            "ro",
            "și în de la a cu nu pe că este un o din care pentru sunt mai ce au fost sau fi ca se le lui ei prin "
                + "după dar acest această când fără între foarte al ale cel si sa", letters: "ăâîșțşţ"),
        LanguageProfile(
            "hr",
            "i u je na se da za su od s a koji koja koje nije bio bila bilo kao ali po iz ili što će to o sa te kako "
                + "samo već više prema između biti ima ne", letters: "čćđšž"),
        LanguageProfile(
            "sl",
            "in v je na se da za so od z s ki ni bil bila bilo kot pa po iz ali kar bo to o pri kako samo že več med "
                + "biti ima ne tudi lahko ko", letters: "čšž"),
        LanguageProfile(
            "vi",
            "và của là có không được cho các một trong với những này người đã để khi về từ đến như ra cũng tôi",
            letters: "đươăạảấầẩậắằặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"),
        LanguageProfile(
            "id",
            "yang dan di ini itu dengan untuk tidak dari dalam akan pada juga ke karena ada adalah oleh saya kami "
                + "mereka telah sudah dapat atau sebagai bisa lebih"),
    ])

    static let cyrillic = Family([
        LanguageProfile(
            "ru",
            "и в не на я что он с как это по но из у за от о к так же для бы вы мы они она было был была были быть или "
                + "если при только уже еще ещё когда все его её их который которые", letters: "ыэёъ"),
        LanguageProfile(
            "uk",
            "і в не на я що він з як це по але із у за від о до так же для ви ми вони вона було був була були бути або "
                + "якщо при тільки вже ще коли все його її їх який які та є й", letters: "іїєґ"),
        LanguageProfile(
            "be",
            "і ў не на я што ён з як гэта па але у за ад да так жа для вы мы яны яна было быў была былі быць або калі "
                + "пры толькі ужо яшчэ усе яго яе іх які якія", letters: "ўі"),
        LanguageProfile(
            "bg",
            "и в не на аз че той с като това по но от у за до така се да са е съм ние вие те тя беше или ако при само "
                + "вече още когато всички неговият ги го му им тази този тези който която които ще със", letters: "ъщ"),
        LanguageProfile(
            "sr",
            "и у не на ја што он са као то по али из за од до тако се да су је сам ми ви они она био била или ако при "
                + "само већ још када сви његов који која које ће", letters: "ђћџјљњ"),
    ])

    static let arabic = Family([
        LanguageProfile(
            "ar", "في من على إلى أن هذا هذه التي الذي عن مع كان لا ما هو هي كل بعد قبل أو ثم قد لم لن إن كما بين غير",
            letters: "ةىإأيك"),
        LanguageProfile(
            "fa", "و در به از که این را با است برای آن یک خود تا کرد بر هم نیز شد می شود ها اما یا باید او ما شما",
            letters: "پچژگیک"),
        LanguageProfile(
            "ur", "اور میں کے کی کا ہے کو سے نے یہ پر کہ ہیں اس تھا بھی نہیں جو ایک ہو کر تھے گیا", letters: "ٹڈڑےھہگیک"
        ),
    ])
}
