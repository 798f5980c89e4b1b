@testable import Connectors

extension FuzzTarget {
    /// XML and HTML that sources send.
    static let markupTargets = [
        FuzzTarget(
            "xml-reader",
            seeds: [
                "<?xml version=\"1.0\"?><!-- c --><a x='1'><n:b/>t &amp; &#x41;<![CDATA[<d>]]></a>"
            ]
        ) { bytes in
            try read(bytes, XMLPullReader.Form())
            try read(bytes, XMLPullReader.Form(isMarkup: true))
        },
        FuzzTarget(
            "sitemap",
            seeds: [
                "<urlset><url><loc> https://a.example/b </loc></url></urlset>",
                "<sitemapindex><sitemap><loc>https://a.example/c</loc></sitemap></sitemapindex>",
            ]
        ) { bytes in
            guard let map = try accepted({ try Sitemap(bytes, linksMax: 10) }) else { return }
            try require(map.links.count <= 10, "no more links than allowed")
        },
        FuzzTarget(
            "s3-listing",
            seeds: [
                "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><Contents>"
                    + "<Key>a%20b+c</Key>"
                    + "<Size>1</Size><ETag>\"e\"</ETag></Contents><NextContinuationToken>t</NextContinuationToken>"
                    + "</ListBucketResult>"
            ]
        ) { bytes in
            guard let listing = try accepted({ try S3Listing(bytes) }) else { return }
            try require(listing.entries.count <= S3Listing.entriesMax, "no more keys than asked for")
            for entry in listing.entries {
                guard let key = listing.key(of: entry) else { continue }
                try require(key.text.utf8.count <= entry.key.utf8.count, "a decoded key is not longer")
            }
        },
        FuzzTarget(
            "multistatus",
            seeds: [
                "<d:multistatus xmlns:d=\"DAV:\"><d:response><d:href>/a/</d:href><d:propstat><d:prop><d:resourcetype>"
                    + "<d:collection/></d:resourcetype><d:getetag>\"e\"</d:getetag></d:prop><d:status>HTTP/1.1 200 OK"
                    + "</d:status></d:propstat></d:response></d:multistatus>"
            ]
        ) { bytes in
            guard let list = try accepted({ try Multistatus(bytes, partsMax: 10) }) else { return }
            try require(list.parts.count <= 10, "no more parts than allowed")
        },
        FuzzTarget(
            "confluence",
            seeds: [
                "<p>One &eacute; <ac:link><ri:page ri:content-title=\"P\"/></ac:link></p>"
                    + "<ac:structured-macro ac:name=\"code\">"
                    + "<ac:parameter ac:name=\"title\">T</ac:parameter><ac:plain-text-body><![CDATA[a < b]]>"
                    + "</ac:plain-text-body></ac:structured-macro><table><tr><td colspan=\"2\">c</td></tr></table>"
                    + "<a href=\"https://a.example/?b&amp;c\">d</a>"
                    + "<ac:task><ac:task-status>complete</ac:task-status></ac:task>",
                // A quotation mark with a combining letter behind it is one `Character`.
                "<a href='https://a.example/\"\u{301} onclick=x'>d</a>",
            ]
        ) { bytes in
            guard let storage = String(validating: bytes, as: UTF8.self) else { return }
            try checkPlain(StorageFormat.html(storage))
        },
    ]

    /// Balanced, bounded, and over after as many events as there are bytes.
    private static func read(_ bytes: [UInt8], _ form: XMLPullReader.Form) throws {
        try accepted {
            var (reader, open, events, text) = (XMLPullReader(bytes, form: form), [String](), 0, 0)
            while let event = try reader.next() {
                events += 1
                switch event {
                case .start(let name): open.append(name)
                case .end(let name): try require(open.popLast() == name, "an element ends that began")
                case .text(let part): text += part.utf8.count
                }
                try require(open.count <= form.depthMax, "the depth is bounded")
                try require(events <= bytes.count, "each event takes a byte")
            }
            try require(open.isEmpty, "every element ends")
            try require(text <= 8 * bytes.count, "the text is bounded")
        }
    }

    /// Every tag is one of a few, with no attributes but three: nothing of the page runs or fetches.
    private static func checkPlain(_ html: String) throws {
        var rest = Array(html.utf8)[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            guard let end = rest[start...].firstIndex(of: UInt8(ascii: ">")) else {
                throw FuzzFinding(description: "every tag ends")
            }
            let tag = Array(rest[(start + 1)..<end]).text
            let isPlain = tag.wholeMatch(
                of: #/\/?[a-z]+[1-6]?|a href="[^"]*"|t[dh]( (col|row)span="[0-9]+")*/#.matchingSemantics(.unicodeScalar)
            )
            try require(isPlain != nil && !tag.hasPrefix("script"), "only plain tags are written")
            rest = rest[(end + 1)...]
        }
    }
}
