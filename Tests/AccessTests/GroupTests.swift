import Kit
import Testing

@testable import Access

@Suite struct GroupTests {
    private func group(_ name: String, _ world: AccessWorld) async throws -> GroupID {
        try await world.service.createGroup(name: name, as: world.admin).id
    }

    private func rights(of subject: SubjectID, _ world: AccessWorld) async throws -> Set<GroupID> {
        try await world.service.principal(
            tenant: world.tenant, subject: subject, purpose: .general, job: JobID(high: 1, low: 1)
        ).groups
    }

    @Test func `membership reaches through nested groups`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna")
            let (ward, clinic, hospital) = (
                try await group("ward", world), try await group("clinic", world), try await group("hospital", world)
            )
            try await world.service.addMember(.group(clinic), to: hospital, as: world.admin)
            try await world.service.addMember(.group(ward), to: clinic, as: world.admin)
            try await world.service.addMember(.subject(anna.id), to: ward, as: world.admin)
            #expect(try await rights(of: anna.id, world) == [ward, clinic, hospital])
            try await world.service.removeMember(.group(ward), from: clinic, as: world.admin)
            #expect(try await rights(of: anna.id, world) == [ward])
            #expect(try await rights(of: world.admin.subject, world) == [])
        }
    }

    @Test func `a group never contains itself, directly or around three corners`() async throws {
        try await AccessWorld.each { world in
            let ids = [try await group("a", world), try await group("b", world), try await group("c", world)]
            await #expect(throws: AccessFailure.groupCycle) {
                try await world.service.addMember(.group(ids[0]), to: ids[0], as: world.admin)
            }
            try await world.service.addMember(.group(ids[1]), to: ids[0], as: world.admin)
            try await world.service.addMember(.group(ids[2]), to: ids[1], as: world.admin)
            await #expect(throws: AccessFailure.groupCycle) {
                try await world.service.addMember(.group(ids[0]), to: ids[2], as: world.admin)
            }
            await #expect(throws: AccessFailure.groupCycle) {
                try await world.service.addMember(.group(ids[0]), to: ids[1], as: world.admin)
            }
        }
    }

    @Test func `the same group by two ways counts once`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna")
            let ids = [
                try await group("top", world), try await group("left", world), try await group("right", world),
                try await group("bottom", world),
            ]
            for (inner, outer) in [(1, 0), (2, 0), (3, 1), (3, 2)] {
                try await world.service.addMember(.group(ids[inner]), to: ids[outer], as: world.admin)
            }
            try await world.service.addMember(.subject(anna.id), to: ids[3], as: world.admin)
            try await world.service.addMember(.subject(anna.id), to: ids[3], as: world.admin)
            #expect(try await rights(of: anna.id, world) == Set(ids))
            #expect(try await world.service.group(ids[3], as: world.admin).memberCount == 1)
        }
    }

    @Test func `nesting is bounded, from whichever end it grows`() async throws {
        var settings = AccessWorld.settings
        settings.groupDepthMax = 3
        try await AccessWorld.each(settings: settings) { world in
            var ids: [GroupID] = []
            for number in 0..<4 { ids.append(try await group("g\(number)", world)) }
            try await world.service.addMember(.group(ids[1]), to: ids[0], as: world.admin)
            try await world.service.addMember(.group(ids[3]), to: ids[2], as: world.admin)
            await #expect(throws: AccessFailure.groupTooDeep) {
                try await world.service.addMember(.group(ids[2]), to: ids[1], as: world.admin)
            }
            try await world.service.removeMember(.group(ids[3]), from: ids[2], as: world.admin)
            try await world.service.addMember(.group(ids[2]), to: ids[1], as: world.admin)
        }
    }

    @Test func `members are listed with names, and bounds hold`() async throws {
        var settings = AccessWorld.settings
        settings.groupMembersMax = 2
        try await AccessWorld.each(settings: settings) { world in
            let anna = try await world.user("anna")
            let (outer, inner) = (try await group("outer", world), try await group("inner", world))
            try await world.service.addMember(.subject(anna.id), to: outer, as: world.admin)
            try await world.service.addMember(.group(inner), to: outer, as: world.admin)
            await #expect(throws: AccessFailure.tooMany(what: "members", limit: 2)) {
                try await world.service.addMember(.subject(world.admin.subject), to: outer, as: world.admin)
            }
            let members = try await world.service.members(of: outer, PageRequest(), as: world.admin)
            #expect(members.items.map(\.name) == ["inner", "anna"])
            await #expect(throws: AccessFailure.nameTaken) { try await group("Outer", world) }
        }
    }

    @Test func `unknown groups and members answer alike, and only administrators change them`() async throws {
        try await AccessWorld.each { world in
            let staff = try await group("staff", world)
            let nobody = GroupMember.subject(SubjectID(high: 1, low: 1))
            await #expect(throws: AccessFailure.unknown) {
                try await world.service.addMember(nobody, to: staff, as: world.admin)
            }
            await #expect(throws: AccessFailure.unknown) {
                try await world.service.addMember(nobody, to: GroupID(high: 1, low: 1), as: world.admin)
            }
            try await world.user("dev", [.developer])
            let developer = try await world.signIn("dev").principal
            await #expect(throws: AccessFailure.notPermitted(.groupsManage)) {
                try await world.service.addMember(.subject(developer.subject), to: staff, as: developer)
            }
            #expect(try await world.service.groups(PageRequest(), as: developer).items.map(\.name) == ["staff"])
        }
    }
}
