import Kit
import NIOCore

/// One timer per connection that moves lazily: setting a later deadline costs nothing.
struct GateDeadlines {
    private var deadline: NIODeadline?
    private var timer: (fires: NIODeadline, task: Scheduled<Void>)?
    private var waitsFor = ConnectionGate.Wait.nothing

    /// True when `wait` is new, and its deadline with it.
    mutating func changed(to wait: ConnectionGate.Wait) -> Bool {
        defer { waitsFor = wait }
        return wait != waitsFor
    }

    mutating func set(_ deadline: NIODeadline?) { self.deadline = deadline }

    func isDue(at now: NIODeadline) -> Bool { deadline.map { $0 <= now } ?? false }

    /// When a timer must be set, because none fires early enough.
    func missing() -> NIODeadline? {
        guard let deadline else { return nil }
        if let timer, timer.fires <= deadline { return nil }
        return deadline
    }

    mutating func started(_ task: Scheduled<Void>, firesAt deadline: NIODeadline) {
        timer?.task.cancel()
        timer = (deadline, task)
    }

    mutating func fired() { timer = nil }

    mutating func cancel() {
        timer?.task.cancel()
        timer = nil
        deadline = nil
    }
}

extension GateHandler {
    /// Call after anything that may have changed what the connection waits for.
    func armDeadline() {
        guard let context else { return }
        let wait = gate.wait
        if deadlines.changed(to: wait) { deadlines.set(limit(of: wait).map { context.eventLoop.now + $0 }) }
        guard let deadline = deadlines.missing() else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let task = context.eventLoop.scheduleTask(deadline: deadline) { bound.value.deadlineFired() }
        deadlines.started(task, firesAt: deadline)
    }

    private func deadlineFired() {
        deadlines.fired()
        guard let context else { return }
        guard deadlines.isDue(at: context.eventLoop.now) else { return armDeadline() }
        deadlines.set(nil)
        if gate.wait == .head {
            gate.open(.fast, keepsAlive: false)
            answer(routes.table.refusalOfSlowness())
            return flushAndClose()
        }
        close()
    }

    /// A client that stops reading is given `writeStall` to take something.
    func watchWritability(_ context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        guard !context.channel.isWritable else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        stall = context.eventLoop.scheduleTask(in: TimeAmount(settings.writeStall)) { bound.value.close() }
    }

    private func limit(of wait: ConnectionGate.Wait) -> TimeAmount? {
        switch wait {
        case .nothing: nil
        case .idle: isStream ? nil : TimeAmount(settings.idleTimeout)
        case .head, .drain: TimeAmount(settings.headerDeadline)
        case .body: TimeAmount(settings.bodyDeadline)
        case .farewell: TimeAmount(settings.halfCloseGrace)
        }
    }
}

/// Tells the gate that bytes came in before the decoder has made anything of them: the start of the header deadline.
final class ByteWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let gate: GateHandler

    init(gate: GateHandler) { self.gate = gate }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        gate.gate.receivedBytes()
        context.fireChannelRead(data)
    }
}
