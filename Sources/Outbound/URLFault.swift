/// What is wrong with an address or a link. Holds nothing of the text itself, which may contain a secret.
package enum URLFault: String, Error, CaseIterable {
    case tooLong
    /// Control and white-space characters, non-ASCII characters, backslashes, quotes, and brackets outside of a host.
    case forbiddenCharacter
    /// `%` without two hexadecimal digits behind it.
    case badPercentEncoding
    /// Anything but `http` and `https`, and text without a scheme where there is nothing to resolve it against.
    case schemeNotAllowed
    /// No `//host`, or an empty one.
    case noHost
    /// `user@host`: credentials belong into the settings, and readers disagree on which `@` counts.
    case userInformation
    case badHost
    /// IPv4 in any form but four plain decimals: octal, hexadecimal, short, one integer.
    case ambiguousAddress
    case zoneIdentifier
    case badPort
}

extension URLFault {
    /// For the person who typed the address.
    package var sentence: String {
        switch self {
        case .tooLong: "The address is longer than \(OutboundURL.bytesMax) bytes."
        case .forbiddenCharacter: "The address has a character that must be percent-encoded, or a backslash."
        case .badPercentEncoding: "A % in the address is not followed by two hexadecimal digits."
        case .schemeNotAllowed: "The address must begin with https:// or http://."
        case .noHost: "The address names no host."
        case .userInformation: "The address has a user name before the host. Set credentials on their own."
        case .badHost: "The host of the address is not a name or an IP address. Write international names as xn--."
        case .ambiguousAddress: "Write an IPv4 address as four decimal numbers without leading zeros."
        case .zoneIdentifier: "An IPv6 address with a zone (%) cannot be used."
        case .badPort: "The port must be a number from 1 to 65535."
        }
    }
}
