import type { Commits, Db, Tx } from "../../db/database.ts"
import { iconUrl } from "../../web/look.ts"
import { resource } from "../permissions/resources.ts"
import { RecurringDuty } from "../recurring-duty.ts"
import type { Services } from "../services.ts"
import { defineWorker } from "../worker.ts"
import { findSendingDevices, type SendingDevice, updateDeviceStatus } from "./devices-to-send.ts"
import { loadVapidKeys } from "./instance-key.ts"
import {
  findSubjects,
  noticePush,
  type Push,
  type PushLook,
  pushTtlSeconds,
  testPush,
  withdrawalPush,
} from "./payload.ts"
import { type PushAccess, type PushOutcome, postPush } from "./push-service.ts"
import {
  type ClaimedPush,
  claimPushes,
  deleteGoneDevices,
  findShown,
  giveUpPush,
  hasDuePushes,
  listPeopleWithNotices,
  listReaders,
  retryPush,
  takeReadPushes,
} from "./queue.ts"
import { VapidSigner } from "./vapid.ts"

/** How often the queue is looked at. Looking costs one read of an index. */
const intervalMs = 1000
/** Notices that are claimed with one commit. */
const batchSize = 200
/** Requests to push services at the same time. */
const maxConcurrent = 16
/** A notice is tried this often at most: for about two hours with the backoff below. */
const maxFailures = 10
/** Apple ends a subscription after pushes that show no notification. Source: WebKit, "Meet Web Push". */
const appleHost = /(^|\.)push\.apple\.com$/

interface SenderServices extends PushAccess {
  db: Db
  commits: Commits
  config: Pick<Services["config"], "authSecret" | "privatePushHosts" | "publicOrigin">
  outside: Services["outside"]
  look: Pick<Services["look"], "current">
  sidekick: Pick<Services["sidekick"], "subscribeToResource">
  workers: Pick<Services["workers"], "isOnDuty" | "wake">
  report(error: unknown, where: string): unknown
}

interface Sending {
  device: SendingDevice
  push: Push
  /** The claim of the queue; `undefined` for a notification outside the queue. */
  claimed?: ClaimedPush
}

/**
 * Sends the notices of the queue when they are due, and takes them back where they were read. A notice is marked as sent in
 * a commit before it is: a process that is killed in between loses it, and no device gets one twice.
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
    const { db, commits } = this.#services
    // Commits nothing when there is nothing to do: each commit invalidates all cached pages.
    while (!isStopped() && (await hasDuePushes(db, now))) {
      const { count, claimed } = await commits.note("nothing", (tx) => claimPushes(tx, now, batchSize))
      if (claimed.length > 0) await this.#sendClaimed(claimed, now)
      if (count === 0) return
    }
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

  async #sendClaimed(claimed: ClaimedPush[], now: Date): Promise<void> {
    const { db } = this.#services
    const subjects = await findSubjects(db, claimed)
    const devices = await findSendingDevices(db, [...new Set(claimed.map((one) => one.subscriptionId))])
    const sendings = claimed.flatMap((one): Sending[] => {
      const [subject, device] = [subjects.get(one.messageId), devices.get(one.subscriptionId)]
      if (!subject || !device) return []
      return [
        { device, claimed: one, push: noticePush(subject, { ...device, reason: one.reason }, this.#look) },
      ]
    })
    for (const { device } of sendings) this.#follow(device.userId)
    await this.#sendAll(sendings, now)
    // Somebody may have read it while it was sent, before this listened for that.
    for (const userId of await listReaders(db, [...devices.keys()])) await this.withdraw(userId, now)
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
    await this.#services.commits.decide((tx) => this.#record(tx, sendings, { outcomes, now }))
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

  async #record(tx: Tx, sendings: Sending[], { outcomes, now }: { outcomes: PushOutcome[]; now: Date }) {
    const gone: string[] = []
    const byStatus = new Map<string, { ids: string[]; isAccepted: boolean }>()
    for (const [index, { device, claimed }] of sendings.entries()) {
      const outcome = outcomes[index]
      if (!outcome) continue
      if (outcome.isGone) gone.push(device.id)
      else if (claimed && !outcome.isAccepted) await this.#recordFailure(tx, claimed, { outcome, now })
      const known = byStatus.get(outcome.status) ?? { ids: [], isAccepted: outcome.isAccepted }
      byStatus.set(outcome.status, known)
      known.ids.push(device.id)
    }
    for (const [status, { ids, isAccepted }] of byStatus)
      await updateDeviceStatus(tx, ids, { status, sentAt: isAccepted ? now : undefined })
    if (gone.length > 0) await deleteGoneDevices(tx, gone)
  }

  async #recordFailure(
    tx: Tx,
    claimed: ClaimedPush,
    { outcome: { mayRetry, retryAfterMs }, now }: { outcome: PushOutcome; now: Date },
  ): Promise<void> {
    const failures = claimed.failures + 1
    if (!mayRetry || failures >= maxFailures) return giveUpPush(tx, claimed)

    const backoff = (this.#services.outside.waitMs ?? backoffMs)(failures)
    const waitMs = Math.min(Math.max(backoff, retryAfterMs ?? 0), pushTtlSeconds * 1000)
    await retryPush(tx, claimed, new Date(now.getTime() + waitMs))
  }

  async #followAll(): Promise<void> {
    for (const userId of await listPeopleWithNotices(this.#services.db)) {
      this.#follow(userId)
      await this.withdraw(userId)
    }
  }

  /** Listens for what a person reads, at whatever node. A hint that is lost leaves a notice until the next one. */
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

/** 5 s, 10 s … up to an hour, plus up to 50 % jitter so that many devices do not retry at the same time. */
function backoffMs(failures: number): number {
  return Math.min(5000 * 2 ** (failures - 1), 3_600_000) * (1 + Math.random() / 2)
}

export const pushSender = defineWorker((services: SenderServices) => new PushSender(services))
