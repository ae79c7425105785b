import type { Commits, Db } from "../../db/database.ts"
import { iconUrl } from "../../web/look.ts"
import { resource } from "../permissions/resources.ts"
import type { ShownRooms, ViewedRoom } from "../presence/shown-rooms.ts"
import { RecurringDuty } from "../recurring-duty.ts"
import type { Services } from "../services.ts"
import { defineWorker } from "../worker.ts"
import { type EndedPush, PushClaims } from "./claims.ts"
import { findSendingDevices, type SendingDevice } from "./devices-to-send.ts"
import { DuePushes, type PushToClaim } from "./due-pushes.ts"
import { hasHeldPushes, releasePushes } from "./due-queue.ts"
import { loadVapidKeys } from "./instance-key.ts"
import { noticePush, type Push, type PushLook, testPush, withdrawalPush } from "./payload.ts"
import { type PushAccess, type PushOutcome, postPush } from "./push-service.ts"
import { findShown, listPeopleWithNotices, listReaders, takeReadPushes } from "./queue.ts"
import { VapidSigner } from "./vapid.ts"

/** How often the queue is looked at. Looking costs one read of an index. */
const intervalMs = 1000
/** Requests to push services at the same time: as many notices are in doubt when the process is killed. */
const maxConcurrent = 16
/** Apple ends a subscription after pushes that show no notification. Source: WebKit, "Meet Web Push". */
const appleHost = /(^|\.)push\.apple\.com$/

interface SenderServices extends PushAccess {
  db: Db
  commits: Commits
  config: Pick<Services["config"], "authSecret" | "privatePushHosts" | "publicOrigin">
  outside: Services["outside"]
  look: Pick<Services["look"], "current">
  sidekick: Pick<Services["sidekick"], "subscribeToResource">
  shownRooms: Pick<ShownRooms, "which" | "onHidden">
  workers: Pick<Services["workers"], "isOnDuty" | "wake">
  report(error: unknown, where: string): unknown
}

interface Sending {
  device: SendingDevice
  push: Push
}

/**
 * Sends the notices of the queue when they are due, and takes them back where they were read. Each is marked as sent in a
 * commit right before it is: what a process that is killed had under way may be lost, and no device gets one twice.
 */
export class PushSender extends RecurringDuty {
  protected readonly name = "sending push notices"
  protected readonly intervalMs = intervalMs
  readonly #services: SenderServices
  #signer: Promise<VapidSigner> | undefined
  /** People whose devices show something, each with what ends listening for what they read. */
  readonly #shownTo = new Map<string, () => void>()

  constructor(services: SenderServices) {
    super(services)
    this.#services = services
    // At each node: the one whose page it was makes the notices due.
    services.shownRooms.onHidden = (room) =>
      void this.#release(room).catch((error) => services.report(error, this.name))
  }

  override start(): void {
    super.start()
    this.#followAll().catch((error) => this.#services.report(error, this.name))
  }

  override close(): void {
    super.close()
    for (const end of this.#shownTo.values()) end()
    this.#shownTo.clear()
  }

  /** The key that browsers bind their subscriptions to. */
  async publicKey(): Promise<string> {
    return (await this.#loadSigner()).publicKey
  }

  /** Sends what is due at a time. */
  async run(now = new Date(), isStopped = () => false): Promise<void> {
    const due = new DuePushes(this.#services, now)
    const first = await due.next()
    if (!first) return

    const signer = await this.#loadSigner()
    const claims = this.#claimsAt(now)
    const sentTo = new Set<string>()
    const send = async (start?: PushToClaim) => {
      let ended: EndedPush | undefined
      for (let push = start ?? (await due.next()); push && !isStopped(); push = await due.next()) {
        const claim = await claims.claim(push, ended)
        ended = undefined
        if (!claim || !push.subject) continue

        const { claimed, device } = claim
        this.#follow(device.userId)
        sentTo.add(device.id)
        const notice = noticePush(push.subject, { ...device, reason: claimed.reason }, this.#look)
        const outcome = await this.#post(signer, { target: device, push: notice, now })
        ended = { ...claim, outcome }
      }
      if (ended) await claims.record([ended])
    }
    await allSettled(Array.from({ length: maxConcurrent }, (_, lane) => send(lane === 0 ? first : undefined)))
    if (sentTo.size === 0) return
    // Somebody may have read it while it was sent, before this listened for that.
    for (const userId of await listReaders(this.#services.db, [...sentTo])) await this.withdraw(userId, now)
  }

  /** Sends a notice that says that notices arrive, now. */
  async test(deviceId: string, now = new Date()): Promise<PushOutcome | undefined> {
    const device = (await findSendingDevices(this.#services.db, [deviceId])).get(deviceId)
    if (!device) return undefined
    const [outcome] = await this.#sendAll([{ device, push: testPush(this.#look) }], now)
    return outcome
  }

  /** Takes back the notices that a person has read, from all their devices. */
  async withdraw(userId: string, now = new Date()): Promise<void> {
    const { db, commits } = this.#services
    const shown = await findShown(db, userId)
    if (!shown.any) this.#unfollow(userId)
    if (!shown.read) return

    const gone = await commits.decide((tx) => takeReadPushes(tx, userId))
    const devices = await findSendingDevices(db, [
      ...new Set(gone.map(({ subscriptionId }) => subscriptionId)),
    ])
    const sendings = gone.flatMap(({ subscriptionId, channelId }) => {
      const device = devices.get(subscriptionId)
      if (!device || appleHost.test(new URL(device.endpoint).hostname)) return []
      return [{ device, push: withdrawalPush(channelId, device.badge) }]
    })
    await this.#sendAll(sendings, now)
  }

  /** Sends some at a time, and writes down with one commit how it ended. */
  async #sendAll(sendings: Sending[], now: Date): Promise<PushOutcome[]> {
    if (sendings.length === 0) return []
    const signer = await this.#loadSigner()
    const outcomes: PushOutcome[] = []
    const waiting = [...sendings.entries()]
    const send = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, { device, push }] = next
        outcomes[index] = await this.#post(signer, { target: device, push, now })
      }
    }
    await Promise.all(Array.from({ length: maxConcurrent }, send))
    const ended = sendings.flatMap(({ device }, index) => {
      const outcome = outcomes[index]
      return outcome ? [{ device, outcome }] : []
    })
    await this.#claimsAt(now).record(ended)
    return outcomes
  }

  async #post(signer: VapidSigner, sent: Parameters<typeof postPush>[2]): Promise<PushOutcome> {
    try {
      return await postPush(this.#services, signer, sent)
    } catch (error) {
      // One device must not keep the others from theirs.
      this.#services.report(error, this.name)
      return { isAccepted: false, status: "It could not be sent", isGone: false, mayRetry: false }
    }
  }

  #claimsAt(now: Date): PushClaims {
    const { db, commits, outside } = this.#services
    return new PushClaims({ db, commits, now, waitMs: outside.waitMs })
  }

  /** Makes the notices due that waited because a page showed their channel. */
  async #release(room: ViewedRoom): Promise<void> {
    const { db, commits } = this.#services
    const now = new Date()
    if (await hasHeldPushes(db, room, now))
      await commits.note("nothing", (tx) => releasePushes(tx, room, now))
  }

  async #followAll(): Promise<void> {
    for (const userId of await listPeopleWithNotices(this.#services.db)) {
      this.#follow(userId)
      await this.withdraw(userId)
    }
  }

  /** Listens for what a person reads at any node. A hint that is lost leaves a notice until the next one. */
  #follow(userId: string): void {
    if (this.#shownTo.has(userId)) return
    const { sidekick, report } = this.#services
    const withdraw = () => void this.withdraw(userId).catch((error) => report(error, "withdrawing notices"))
    this.#shownTo.set(userId, sidekick.subscribeToResource(resource.reading(userId), withdraw))
  }

  #unfollow(userId: string): void {
    this.#shownTo.get(userId)?.()
    this.#shownTo.delete(userId)
  }

  get #look(): PushLook {
    const { config, look } = this.#services
    const { current } = look
    return {
      name: current.name,
      origin: config.publicOrigin ?? "",
      icon: iconUrl(current, 192) ?? "/app-icon.png",
    }
  }

  #loadSigner(): Promise<VapidSigner> {
    this.#signer ??= this.#createSigner().catch((error) => {
      this.#signer = undefined
      throw error
    })
    return this.#signer
  }

  async #createSigner(): Promise<VapidSigner> {
    const { config } = this.#services
    // Push services accept no other contact for the operator.
    const subject = config.publicOrigin?.startsWith("https:") ? config.publicOrigin : undefined
    return new VapidSigner(await loadVapidKeys(this.#services), subject)
  }
}

/** Waits for all, and then throws what the first of them threw. */
async function allSettled(running: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(running)
  for (const result of results) if (result.status === "rejected") throw result.reason
}

export const pushSender = defineWorker((services: SenderServices) => new PushSender(services))
