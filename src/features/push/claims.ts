import type { Commits, Db, Tx } from "../../db/database.ts"
import { findSendingDevices, type SendingDevice, updateDeviceStatus } from "./devices-to-send.ts"
import { type ClaimedPush, claimPushes, giveUpPush, type PushKey, retryPush } from "./due-queue.ts"
import { pushTtlSeconds } from "./payload.ts"
import type { PushOutcome } from "./push-service.ts"
import { deleteGoneDevices } from "./queue.ts"

/** A notice is tried this often at most: for about two hours with the backoff below. */
const maxFailures = 10

/** Claims are gathered for this long: one commit serves all of them. A request to a push service takes longer. */
const gatherMs = 8

/** How sending to a device ended. */
export interface EndedPush {
  device: SendingDevice
  outcome: PushOutcome
  /** The claim of the queue; `undefined` for a notification outside the queue. */
  claimed?: ClaimedPush
}

interface Claim {
  claimed: ClaimedPush
  device: SendingDevice
}

interface Waiting {
  push: PushKey
  ended: EndedPush | undefined
  resolve(claim: Claim | undefined): void
  reject(error: unknown): void
}

interface Options {
  db: Db
  commits: Commits
  now: Date
  /** The time before a notice is tried again after this number of failures. */
  waitMs?(failures: number): number
}

/**
 * Claims notices one by one, each right before it is sent: a process that is killed loses no more than it has requests
 * under way. Claims that are asked for at the same time share a commit.
 */
export class PushClaims {
  readonly #options: Options
  #waiting: Waiting[] = []
  #isCommitting = false

  constructor(options: Options) {
    this.#options = options
  }

  /**
   * Claims a notice; `undefined` when it is not wanted any more, or somebody else has taken it. Writes down in the same
   * commit how the last one ended.
   */
  claim(push: PushKey, ended: EndedPush | undefined): Promise<Claim | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ push, ended, resolve, reject })
      if (!this.#isCommitting) void this.#commitAll()
    })
  }

  /** Writes down how sending to devices ended. */
  async record(ended: readonly EndedPush[]): Promise<void> {
    if (ended.length > 0) await this.#options.commits.note("nothing", (tx) => this.#record(tx, ended))
  }

  /** Never rejects: each claim learns of its own failure. */
  async #commitAll(): Promise<void> {
    this.#isCommitting = true
    while (this.#waiting.length > 0) {
      await Bun.sleep(gatherMs)
      const batch = this.#waiting
      this.#waiting = []
      try {
        const claims = await this.#commit(batch)
        for (const { push, resolve } of batch) resolve(claims.get(keyOf(push)))
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#isCommitting = false
  }

  async #commit(batch: Waiting[]): Promise<Map<string, Claim>> {
    const { db, commits, now } = this.#options
    const ended = batch.flatMap((one) => one.ended ?? [])
    const pushes = batch.map(({ push }) => push)
    const claimed = await commits.note("nothing", async (tx) => {
      if (ended.length > 0) await this.#record(tx, ended)
      return claimPushes(tx, pushes, now)
    })
    const ids = new Set(claimed.map(({ subscriptionId }) => subscriptionId))
    const devices = ids.size > 0 ? await findSendingDevices(db, [...ids]) : new Map<string, SendingDevice>()
    return new Map(
      claimed.flatMap((one) => {
        const device = devices.get(one.subscriptionId)
        return device ? [[keyOf(one), { claimed: one, device }] as const] : []
      }),
    )
  }

  async #record(tx: Tx, ended: readonly EndedPush[]): Promise<void> {
    const { now } = this.#options
    const gone: string[] = []
    const byStatus = new Map<string, { ids: string[]; isAccepted: boolean }>()
    for (const { device, outcome, claimed } of ended) {
      if (outcome.isGone) gone.push(device.id)
      else if (claimed && !outcome.isAccepted) await this.#recordFailure(tx, claimed, outcome)
      const known = byStatus.get(outcome.status) ?? { ids: [], isAccepted: outcome.isAccepted }
      byStatus.set(outcome.status, known)
      known.ids.push(device.id)
    }
    for (const [status, { ids, isAccepted }] of byStatus)
      await updateDeviceStatus(tx, ids, { status, sentAt: isAccepted ? now : undefined })
    if (gone.length > 0) await deleteGoneDevices(tx, gone)
  }

  async #recordFailure(tx: Tx, claimed: ClaimedPush, { mayRetry, retryAfterMs }: PushOutcome): Promise<void> {
    const { now, waitMs = backoffMs } = this.#options
    const failures = claimed.failures + 1
    if (!mayRetry || failures >= maxFailures) return giveUpPush(tx, claimed)

    const delayMs = Math.min(Math.max(waitMs(failures), retryAfterMs ?? 0), pushTtlSeconds * 1000)
    await retryPush(tx, claimed, new Date(now.getTime() + delayMs))
  }
}

/** 5 s, 10 s … up to an hour, plus up to 50 % jitter so that many devices do not retry at the same time. */
function backoffMs(failures: number): number {
  return Math.min(5000 * 2 ** (failures - 1), 3_600_000) * (1 + Math.random() / 2)
}

const keyOf = ({ subscriptionId, messageId }: PushKey) => `${subscriptionId} ${messageId}`
