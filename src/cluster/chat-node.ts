import type { Noted } from "../db/database.ts"
import type { InternalSidekick } from "../kernel/index.ts"
import { receiveAnnouncements } from "./announcements.ts"
import type { Bus, BusEvent } from "./bus.ts"
import type { Cluster } from "./cluster.ts"
import { Gate } from "./gate.ts"
import { Healer, type OpenRoom } from "./healer.ts"

/** Open pages read anew what may have been missed within this time, not all at once. */
const spreadMs = 2000
/** While a node does not hear the others, open pages refresh their sidebars this often, in milliseconds. */
const aloneRefreshMs = 10_000
/** And this often a node on duty then looks for duties. */
const aloneWakeMs = 1000
/** How often the node on duty looks for what a node left behind that has ended, in milliseconds. */
const dutyWakeMs = 30_000

const accessPath = "/access"
const versionsPath = "/versions"
const forgetPath = "/forget"
const wakePath = "/wake"
const lookPath = "/look"

type SessionSelector = { sessionId?: string; userId?: string }

/** Open pages that can read anew what they show. */
interface Refreshable {
  refreshWithin(spreadMs: number): void
}

/** The parts of the chat that other nodes concern. */
export interface NodeParts {
  cluster: Cluster
  sidekick: InternalSidekick
  access: { readonly seq: number; catchUp(): Promise<void> }
  sessions: {
    onForget(selector: SessionSelector): void
    forgetHere(selector: SessionSelector): void
    clear(): void
  }
  /** When the lists that pages show have changed. */
  listChanges: { forget(): void }
  /** How the instance presents itself. */
  look: { onChange(): void; load(): Promise<void> }
  workers: { readonly isOnDuty: boolean; changed(channelId: string): void; wake(): void }
  /** The rooms that pages read. */
  rooms(): Iterable<OpenRoom>
  /** What open pages show besides. */
  pages(): Iterable<Refreshable>
  heads(channelIds: string[]): Promise<Iterable<{ id: string; seq: number }>>
  report(error: unknown, where: string): unknown
}

/** Makes a chat one of several nodes: applies what happens at the others, and looks for what it was not told. */
export class ChatNode {
  readonly #parts: NodeParts
  readonly #gate = new Gate()
  readonly #healer: Healer
  readonly #wakeTimer: ReturnType<typeof setInterval>
  #refreshedAt = performance.now()
  #wokenAt = performance.now()

  constructor(parts: NodeParts) {
    this.#parts = parts
    const { cluster, access, report } = parts
    this.#healer = new Healer({
      rooms: () => this.#rooms(),
      heads: parts.heads,
      catchUpAccess: () => access.catchUp(),
      onAlone: () => this.#onAlone(),
      isBusUp: () => cluster.bus.isUp,
      report,
    })
    this.#wakeTimer = setInterval(() => parts.workers.isOnDuty && parts.workers.wake(), dutyWakeMs)
    // Until the others are heard nothing is known of what they change.
    cluster.versions.distrust(true)
    this.#publishChanges()
    this.#receiveChanges()
  }

  get bus(): Bus {
    return this.#parts.cluster.bus
  }

  start(): void {
    this.#healer.start()
  }

  async close(): Promise<void> {
    clearInterval(this.#wakeTimer)
    this.#healer.close()
    await this.#parts.cluster.close()
  }

  #publishChanges(): void {
    const { cluster, look, sessions } = this.#parts
    const { bus, versions } = cluster
    versions.onCommit = (changed) => bus.publish({ path: versionsPath, body: changed })
    sessions.onForget = (selector) => bus.publish({ path: forgetPath, body: selector })
    look.onChange = () => bus.publish({ path: lookPath, body: null })
  }

  #receiveChanges(): void {
    const { cluster, look, sidekick, sessions, workers } = this.#parts
    const { bus, versions } = cluster
    bus.handle(versionsPath, { receive: (changed) => versions.move(changed as Noted) })
    bus.handle(forgetPath, { receive: (selector) => sessions.forgetHere(selector as SessionSelector) })
    bus.handle(lookPath, { receive: () => void look.load() })
    bus.handle(wakePath, { receive: () => workers.isOnDuty && workers.wake() })
    bus.handle(accessPath, { receive: (head) => this.#reachAccess(Number(head)) })
    receiveAnnouncements(bus, {
      sidekick,
      gate: this.#gate,
      wantsAllChanges: () => workers.isOnDuty,
      onChange: (channelId) => workers.changed(channelId),
      behind: (channelId, seq) => {
        for (const room of this.#rooms()) if (room.channelId === channelId) room.behind(seq)
      },
    })
    bus.subscribe((event) => this.#onEvent(event))
  }

  /** Holds back what is announced until this node has ended the access of those who lost it before. */
  #reachAccess(head: number): void {
    if (this.#parts.access.seq < head) this.#readAccess()
  }

  #readAccess(): void {
    const { access, report } = this.#parts
    this.#gate
      .closeDuring(() => access.catchUp())
      .catch((error) => report(error, "reading the log of ended access"))
  }

  #onEvent(event: BusEvent): void {
    const { versions } = this.#parts.cluster
    if (event.kind === "down") versions.distrust(true)
    else if (event.kind === "up") versions.distrust(false)

    const isMissing =
      event.kind === "up" ||
      event.kind === "missed" ||
      (event.kind === "joined" && !event.isNew) ||
      (event.kind === "left" && event.isSilent)
    if (isMissing) this.#heal()
  }

  /** Something may have been missed. */
  #heal(): void {
    const { workers } = this.#parts
    this.#readAccess()
    this.forgetCached()
    void this.#healer.look()
    if (workers.isOnDuty) workers.wake()
    this.#refreshPages(spreadMs)
  }

  /** Forgets everything cached that other nodes may have changed. */
  forgetCached(): void {
    this.#parts.cluster.versions.move("directory")
    this.#parts.listChanges.forget()
    this.#parts.sessions.clear()
    void this.#parts.look.load()
  }

  #onAlone(): void {
    const { look, sessions, workers } = this.#parts
    sessions.clear()
    void look.load()
    const now = performance.now()
    if (workers.isOnDuty && now - this.#wokenAt >= aloneWakeMs) {
      this.#wokenAt = now
      workers.wake()
    }
    if (now - this.#refreshedAt >= aloneRefreshMs) this.#refreshPages(aloneRefreshMs)
  }

  #refreshPages(withinMs: number): void {
    this.#refreshedAt = performance.now()
    for (const page of this.#parts.pages()) page.refreshWithin(withinMs)
  }

  *#rooms(): Iterable<OpenRoom> {
    yield* this.#parts.rooms()
    for (const { channel, params, behind } of this.#parts.sidekick.readLogs()) {
      if (channel === "chat" && params.channelId !== undefined) yield { channelId: params.channelId, behind }
    }
  }
}

/** Tells the other nodes how far the log of ended access is, before the announcements that come after it. */
export function announceAccessOn({ bus }: Cluster): (head: number) => void {
  let announced = 0
  return (head) => {
    if (head <= announced) return
    announced = head
    bus.publish({ path: accessPath, body: head })
  }
}

/** Has the node that is on duty look for what it was not told of. */
export function wakeNodeOnDuty({ bus }: Cluster): void {
  bus.publish({ path: wakePath, body: null })
}
