import Foundation
import Kit
import TestKit
import Testing

@testable import Access

@Suite struct RolePolicyTests {
    private static let path = TestEnvironment.packageRoot + "/Tests/AccessTests/Golden/authorization.txt"

    /// Role by resource by action; every permission has a line because the lines are made of all permissions.
    private var table: String {
        let roles: [Role] = [.admin, .developer, .user, .viewer]
        let head = ["resource", "action"].map { padded($0, 14) } + roles.map { padded($0.rawValue, 11) }
        let lines = Permission.allCases.map { permission in
            let names = permission.rawValue.split(separator: ".").map { padded(String($0), 14) }
            let verdicts = roles.map { RolePolicy.permissions(of: $0).contains(permission) ? "allow" : "-" }
            return (names + verdicts.map { padded($0, 11) }).joined()
        }
        return ([head.joined()] + lines).map { $0.trimmingCharacters(in: .whitespaces) + "\n" }.joined()
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text.padding(toLength: max(width, text.count + 1), withPad: " ", startingAt: 0)
    }

    @Test func `what each role may do is what the golden table says`() throws {
        if ProcessInfo.processInfo.environment["CLOISTER_GOLDEN"] == "write" {
            try table.write(toFile: Self.path, atomically: true, encoding: .utf8)
        }
        let golden = try String(contentsOfFile: Self.path, encoding: .utf8)
        #expect(golden == table, "Run the tests with CLOISTER_GOLDEN=write and review the difference.")
    }

    @Test func `every permission is named resource and action and is granted to some role`() {
        for permission in Permission.allCases {
            #expect(permission.rawValue.split(separator: ".").count == 2)
            #expect(Role.allCases.contains { RolePolicy.permissions(of: $0).contains(permission) })
        }
    }

    @Test func `the roles are a ladder, and several roles are their union`() {
        let ladder: [Role] = [.viewer, .user, .developer, .admin]
        for (lower, higher) in zip(ladder, ladder.dropFirst()) {
            #expect(RolePolicy.permissions(of: lower).isStrictSubset(of: RolePolicy.permissions(of: higher)))
        }
        #expect(RolePolicy.permissions(of: []).isEmpty)
        #expect(RolePolicy.permissions(of: [.viewer, .user]) == RolePolicy.permissions(of: .user))
    }

    @Test func `a principal without the permission is told which one it lacks`() {
        var random = RandomACL(seed: 1)
        let reader = random.reader()
        #expect(throws: AccessFailure.notPermitted(.usersManage)) { try reader.require(.usersManage) }
    }
}
