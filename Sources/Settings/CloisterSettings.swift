/// The settings of one process, typed and checked.
package struct CloisterSettings: Sendable, Equatable {
    package struct Data: Sendable, Equatable {
        /// Absolute path.
        package let directory: String
    }

    package struct Keys: Sendable, Equatable {
        /// Absolute path.
        package let directory: String
        package let root: SecretReference
    }

    package enum Storage: Sendable, Equatable {
        /// In the data folder.
        case sqlite
        /// The reference resolves to a `postgres://` URL.
        case postgres(SecretReference)
    }

    package struct Server: Sendable, Equatable {
        package struct TLS: Sendable, Equatable {
            /// Path of a PEM file.
            package let certificate: String
            package let key: SecretReference
        }

        package let host: String
        /// 0 lets the system choose.
        package let port: Int
        /// Path of the PEM file and reference to its key; both or none pass `validate`.
        package let certificate: String?
        package let key: SecretReference?
        package let trustedProxy: String?
        /// Lower case.
        package let hosts: [String]
        package let webRoot: String?
        /// Origins that may frame the question box.
        package let embedders: [String]

        package var tls: TLS? {
            guard let certificate, let key else { return nil }
            return TLS(certificate: certificate, key: key)
        }
    }

    package struct Encoder: Sendable, Equatable {
        package let directory: String
        /// Of the model of before, while documents are read by the new one.
        package let earlierDirectory: String?
        /// 0 is one for each core.
        package let threads: Int
    }

    package struct Search: Sendable, Equatable {
        package let averageTerms: Int
        package let segmentDocuments: Int
    }

    package struct Jobs: Sendable, Equatable {
        package let workers: Int
        package let attempts: Int
        package let keepDays: Int
    }

    package struct Outside: Sendable, Equatable {
        /// Entries of the policy of connections, not yet read.
        package let hosts: [String]
        /// Path of a PEM file.
        package let authorities: String?
        /// Absolute paths.
        package let folders: [String]
    }

    package struct Session: Sendable, Equatable {
        package let idleMinutes: Int
        package let absoluteHours: Int
    }

    package struct Limits: Sendable, Equatable {
        package let bodyBytes: Int
        package let uploadBytes: Int
        package let userRequestsPerSecond: Int
        package let tenantRequestsPerSecond: Int
        package let questionCharacters: Int
    }

    package struct Answers: Sendable, Equatable {
        /// 0 ... 1.
        package let threshold: Double
        /// `alignment` or `head`.
        package let reading: String
        package let model: Model

        package struct Model: Sendable, Equatable {
            /// Of the API; nil where the built-in reader answers.
            package let url: String?
            package let name: String
            package let key: SecretReference?
        }
    }

    package struct Logging: Sendable, Equatable {
        /// A level of swift-log by name.
        package let level: String
    }

    /// Absolute path.
    package let home: String
    package let data: Data
    package let keys: Keys
    package let storage: Storage
    package let server: Server
    package let encoder: Encoder
    package let search: Search
    package let jobs: Jobs
    package let outside: Outside
    package let session: Session
    package let limits: Limits
    package let answers: Answers
    package let logging: Logging
}
