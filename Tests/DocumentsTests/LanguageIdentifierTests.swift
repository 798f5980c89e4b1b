import Testing

@testable import Documents

@Suite struct LanguageIdentifierTests {
    static let sentences: [(language: String, text: String)] = [
        ("en", "The nurse on duty keeps the keys and hands them over in the morning."),
        ("en", "Annual leave must be requested by the end of March."),
        ("de", "Die Pflegekraft im Dienst verwahrt die Schlüssel und übergibt sie am Morgen."),
        ("de", "Der Urlaub muss bis Ende Maerz beantragt werden."),
        ("fr", "L'infirmière de garde conserve les clés et les remet au matin."),
        ("fr", "Les conges doivent etre demandes avant la fin du mois."),
        ("it", "L'infermiera di turno conserva le chiavi e le consegna al mattino."),
        ("it", "Le ferie non sono concesse nella prima settimana del mese."),
        ("es", "La enfermera de guardia guarda las llaves y las entrega por la mañana."),
        ("es", "Los permisos se piden con dos semanas de antelacion en la oficina."),
        ("pt", "A enfermeira de serviço guarda as chaves e não as entrega a ninguém."),
        ("pt", "O pedido de licença tem de ser feito até ao fim do mês pelo chefe."),
        ("nl", "De verpleegkundige bewaart de sleutels en geeft ze in de ochtend aan de volgende dienst."),
        ("pl", "Pielęgniarka przechowuje klucze i oddaje je rano, gdy kończy się dyżur."),
        ("cs", "Sestra ve službě má klíče u sebe a ráno je předá, když přijde další směna."),
        ("sk", "Sestra v službe má kľúče pri sebe a ráno ich odovzdá, keď príde ďalšia zmena."),
        ("sv", "Sjuksköterskan har nycklarna och lämnar över dem på morgonen när nästa skift börjar."),
        ("da", "Sygeplejersken har nøglerne og afleverer dem om morgenen, efter at vagten er slut."),
        ("no", "Sykepleieren har nøklene og leverer dem om morgenen, etter at vakten er slutt."),
        ("fi", "Hoitaja säilyttää avaimet ja luovuttaa ne aamulla, kun seuraava vuoro alkaa."),
        ("et", "Õde hoiab võtmeid enda käes ja annab need hommikul üle, kui algab järgmine vahetus."),
        ("hu", "Az ügyeletes nővér őrzi a kulcsokat, és reggel átadja őket a következő műszaknak."),
        ("tr", "Nöbetçi hemşire anahtarları saklar ve sabah bir sonraki vardiyaya teslim eder."),
        ("ro", "Asistenta de gardă păstrează cheile și le predă dimineața, când începe schimbul."),
        ("hr", "Sestra u službi čuva ključeve i predaje ih ujutro kada dođe sljedeća smjena, što je propisano."),
        ("vi", "Người điều dưỡng giữ chìa khóa và bàn giao vào buổi sáng cho ca sau."),
        ("id", "Perawat yang bertugas menyimpan kunci dan menyerahkannya pada pagi hari dengan catatan."),
        ("ru", "Дежурная медсестра хранит ключи и утром передаёт их следующей смене."),
        ("uk", "Чергова медсестра зберігає ключі та вранці передає їх наступній зміні."),
        ("bg", "Дежурната сестра пази ключовете и сутринта ги предава на следващата смяна."),
        ("sr", "Дежурна сестра чува кључеве и ујутру их предаје следећој смени, што је пропис."),
        ("el", "Η νοσοκόμα κρατά τα κλειδιά και τα παραδίδει το πρωί."),
        ("ar", "تحتفظ الممرضة بالمفاتيح وتسلمها في الصباح إلى النوبة التالية."),
        ("fa", "پرستار کلیدها را نگه می‌دارد و صبح به شیفت بعدی می‌دهد که در دفتر است."),
        ("he", "האחות התורנית שומרת על המפתחות ומוסרת אותם בבוקר."),
        ("zh", "值班护士保管钥匙，早上交给下一班。"), ("zh", "護士長保管藥櫃的鑰匙。"),
        ("ja", "当直の看護師は鍵を保管し、朝に次の勤務者へ渡します。"), ("ko", "당직 간호사가 열쇠를 보관하고 아침에 넘겨준다."),
        ("th", "พยาบาลเวรเก็บกุญแจและส่งมอบในตอนเช้า"), ("hi", "ड्यूटी पर नर्स चाबियाँ रखती है और सुबह सौंप देती है।"),
    ]

    @Test(arguments: sentences)
    func `a sentence shows its language`(row: (language: String, text: String)) {
        let found = LanguageIdentifier.find(Array(row.text.utf8))
        #expect(found?.language == row.language, "\(row.text) \(String(describing: found))")
    }

    @Test(arguments: ["", "a", "12345 67890", "OK", "xqzv kjhf wrtp", "\u{fffd}\u{fffd}", "...---..."])
    func `without a sign nothing is guessed`(text: String) {
        #expect(LanguageIdentifier.identify(Array(text.utf8)) == nil)
    }

    @Test func `the larger part decides, and bytes that are no text do no harm`() {
        let german = String(repeating: "Der Dienst beginnt um sechs und endet nicht vor zwei. ", count: 20)
        #expect(LanguageIdentifier.identify(Array(("The title is in English.\n" + german).utf8)) == "de")
        #expect(LanguageIdentifier.identify([UInt8](repeating: 0xe9, count: 100_000)) == nil)
        for bytes in damaged(Array(german.utf8), seed: 1, count: 50) { _ = LanguageIdentifier.identify(bytes) }
    }

    @Test func `a long text is sampled`() {
        let text = Array(String(repeating: "Все ключи хранятся у дежурной и не выдаются. ", count: 200_000).utf8)
        #expect(LanguageIdentifier.identify(text) == "ru")
    }
}
