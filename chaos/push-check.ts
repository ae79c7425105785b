import { type ReceivedPush, startPushService } from "../tests/support/push.ts"
import { Caller } from "./cluster/caller.ts"
import type { Check } from "./cluster/check.ts"
import { Rounds } from "./cluster/rounds.ts"
import type { Site } from "./site.ts"
import type { Store, StoreContent } from "./store.ts"
import type { Trace } from "./trace.ts"
import { setUpTimeoutMs, wireClient } from "./wire.ts"
import { dataOf, type Person, type Room, signUp, type World } from "./world.ts"

const intervalMs = 300
const pollMs = 100
/** How long the guest is in the server, and out of it: each longer than a notice waits before it is sent. */
const turnMs = { inside: 16_000, outside: 14_000 }
/** What was taken from the queue before the right was lost may still be on its way. */
const graceMs = 2000
/** A notice that is due is sent within this time, while a server runs. */
const maxDueMs = 10_000

interface PushOptions {
  caller: Caller
  owner: Person
  guest: Person
  room: Room
  inviteCode: string
  store: Store
  trace: Trace
}

/**
 * Mentions somebody who has two devices, and now and then takes the server from them. Each device gets a notice of a stored
 * message at most once, and none while its person may not see it.
 */
export class PushCheck extends Rounds implements Check {
  readonly #options: PushOptions
  readonly #service = startPushService((push) => this.#receive(push))
  readonly #received = new Set<string>()
  readonly #messageIds = new Set<string>()
  /** When the guest had lost the server for sure; `null` while they may be in it. */
  #lostAtMs: number | null = null
  #turnsAtMs = Date.now() + turnMs.inside
  #sent = 0
  #losses = 0

  private constructor(options: PushOptions) {
    super(options.caller, intervalMs)
    this.#options = options
  }

  static async open({ site, world, trace }: { site: Site; world: World; trace: Trace }): Promise<PushCheck> {
    const [owner] = world.people
    const origin = `http://127.0.0.1:${site.nextPort()}`
    const { client } = wireClient(origin, owner.token, setUpTimeoutMs)
    const { id: serverId } = dataOf(await client.mutate("createServer", { name: "Pushed" }))
    const { id: channelId } = dataOf(await client.mutate("createChannel", { serverId, name: "pushed" }))
    dataOf(await client.mutate("setSystemChannel", { serverId, channelId: null }))
    const { code: inviteCode } = dataOf(await client.mutate("createInvite", { serverId }))
    client.disconnect()

    const guest = await signUp(origin, "pushed")
    const own = wireClient(origin, guest.token, setUpTimeoutMs)
    dataOf(await own.client.mutate("joinServer", { code: inviteCode }))
    const options = { owner, guest, room: { serverId, channelId }, inviteCode, store: site.store, trace }
    const check = new PushCheck({ ...options, caller: new Caller(() => site.nextPort()) })
    for (const name of ["phone", "laptop"])
      dataOf(await own.client.mutate("addPushDevice", { ...check.#service.subscribe(name), name }))
    own.client.disconnect()
    return check
  }

  override stop(): void {
    super.stop()
    this.#service[Symbol.dispose]()
  }

  summary() {
    return { "push notices delivered": this.#received.size, "  losses of the right": this.#losses }
  }

  async settle(readStore: () => Promise<StoreContent>, deadlineMs: number): Promise<void> {
    const { store, trace } = this.#options
    const overdue = () =>
      store.rows(`select message_id from push_deliveries where due_at < ${Date.now() - maxDueMs}`)
    while ((await overdue()).length > 0 && Date.now() < deadlineMs) await Bun.sleep(pollMs)
    for (const { message_id } of await overdue())
      trace.violation({
        kind: "late",
        who: "push",
        what: "A notice waits in the queue",
        messageId: String(message_id),
      })

    const stored = new Set((await readStore()).messages.map(({ id }) => id))
    for (const messageId of this.#messageIds) {
      if (stored.has(messageId)) continue
      trace.violation({ kind: "different", who: "push", what: "A notice of what is not stored", messageId })
    }
    for (const fault of this.#service.faults.splice(0))
      trace.violation({ kind: "different", who: "push", what: fault })
  }

  protected async step(): Promise<void> {
    const { caller, owner, guest, room, inviteCode } = this.#options
    if (Date.now() > this.#turnsAtMs) {
      const isBack = this.#lostAtMs !== null
      // Before the guest asks, since a notice may arrive with the answer.
      this.#lostAtMs = null
      if (isBack) await caller.call(guest, (client) => client.mutate("joinServer", { code: inviteCode }))
      else await this.#lose()
      this.#turnsAtMs = Date.now() + (isBack ? turnMs.inside : turnMs.outside)
    }
    const content = `@pushed ${++this.#sent}`
    await caller.send(owner, room, { id: crypto.randomUUID(), content })
  }

  async #lose(): Promise<void> {
    const { caller, owner, guest, room } = this.#options
    const { serverId } = room
    await caller.call(owner, (client) => client.mutate("removeMember", { serverId, userId: guest.userId }))
    if (caller.isStopped) return
    this.#losses++
    this.#lostAtMs = Date.now()
  }

  #receive({ device, content }: ReceivedPush): Response {
    const messageId = content.notification?.data?.messageId
    if (messageId) this.#check(device, messageId)
    return new Response(null, { status: 201 })
  }

  #check(device: string, messageId: string): void {
    const { trace } = this.#options
    const key = `${device} ${messageId}`
    const violation = (kind: "duplicated" | "leaked", what: string) =>
      trace.violation({ kind, who: `push to ${device}`, what, messageId })
    if (this.#received.has(key)) violation("duplicated", "A second notice of one message")
    if (this.#lostAtMs !== null && Date.now() > this.#lostAtMs + graceMs)
      violation("leaked", "A notice for somebody without the right")
    this.#received.add(key)
    this.#messageIds.add(messageId)
  }
}
