import type { AppendOptions, Commits, Noted, Tx } from "../database.ts"
import { type StorageFailure, storageFailure } from "../failures.ts"
import { ConnectionSet } from "./connection-set.ts"
import type { ConnectionOptions } from "./connections.ts"
import { isConflict, isTaken } from "./failures.ts"
import { Lane } from "./lane.ts"
import type { TransactionConnection } from "./transactions.ts"
import type { PostgresVersions } from "./versions.ts"

/** How many connections a node keeps for each kind of commit. */
export interface CommitConnections {
  append: number
  decide: number
  note: number
}

/**
 * For how long a transaction is tried again that others at the same time made fail, in milliseconds: those may be waiting
 * for a slow disk, and until they are committed it fails at once each time.
 */
const retryForMs = 5_000
/** From this retry on it is alone among all that try again, on any node, so that one of them gets through. */
const firstRetryAlone = 2
/** The longest pause before the first retry, in milliseconds; it doubles with each, up to `maxPauseMs`. */
const retryPauseMs = 4
const maxPauseMs = 128
/** Locked by who retries alone. An arbitrary number. */
const retryLock = 4_120_012

/** Durable writes to Postgres, from several nodes at once. */
export class PostgresCommits implements Commits {
  readonly #versions: PostgresVersions
  readonly #lanes: Lane[]
  readonly #deciding: ConnectionSet
  readonly #noting: ConnectionSet
  readonly #unsettled = new Set<Promise<void>>()
  #committedAt = 0
  #failure: (StorageFailure & { at: number }) | null = null

  onCommit: Commits["onCommit"] = () => {}

  constructor(options: ConnectionOptions, connections: CommitConnections, versions: PostgresVersions) {
    this.#versions = versions
    this.#lanes = Array.from(
      { length: connections.append },
      () =>
        new Lane(options, async (jobs, transaction) => {
          const result = await this.#report(jobs, () => retrying(transaction))
          this.#versions.committed("unread")
          return result
        }),
    )
    this.#deciding = new ConnectionSet(options, connections.decide)
    this.#noting = new ConnectionSet(options, connections.note)
  }

  get committedAt(): number {
    return this.#committedAt
  }

  get failure(): (StorageFailure & { at: number }) | null {
    return this.#failure
  }

  append<T>(channelId: string, work: (tx: Tx) => Promise<T>, options: AppendOptions = {}): Promise<T> {
    const { isIndependent = false } = options
    const lane = this.#lanes[Bun.hash.crc32(channelId) % this.#lanes.length]
    return this.#track(
      new Promise<T>((resolve, reject) => {
        lane?.push(channelId, { work, isIndependent, resolve: resolve as (result: unknown) => void, reject })
      }),
    )
  }

  decide<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const begin: [string, unknown[]][] = [["begin isolation level serializable", []]]
    return this.#track(
      this.#deciding.run(async (connection) => {
        const transaction = () => connection.transact(begin, work)
        const result = await this.#report(1, () => retrying(transaction, connection))
        this.#versions.committed("directory")
        return result
      }),
    )
  }

  note<T>(changed: Noted, work: (tx: Tx) => Promise<T>): Promise<T> {
    const begin: [string, unknown[]][] = [["begin isolation level read committed", []]]
    return this.#track(
      this.#noting.run(async (connection) => {
        const result = await this.#report(1, () => retrying(() => connection.transact(begin, work)))
        this.#versions.committed(changed)
        return result
      }),
    )
  }

  async flush(): Promise<void> {
    // Not those that come meanwhile: connections that keep writing would keep a server from stopping.
    await Promise.allSettled(this.#unsettled)
  }

  close(): void {
    for (const lane of this.#lanes) lane.close()
    this.#deciding.close()
    this.#noting.close()
  }

  #track<T>(commit: Promise<T>): Promise<T> {
    const remove = () => void this.#unsettled.delete(settled)
    const settled: Promise<void> = commit.then(remove, remove)
    this.#unsettled.add(settled)
    return commit
  }

  async #report<T>(jobs: number, transaction: () => Promise<T>): Promise<T> {
    const startedAt = performance.now()
    try {
      const result = await transaction()
      this.#failure = null
      this.#committedAt = performance.now()
      this.onCommit(this.#committedAt - startedAt, jobs)
      return result
    } catch (error) {
      const failure = storageFailure(error)
      this.#failure = failure ? { ...failure, at: performance.now() } : null
      throw error
    }
  }
}

/**
 * Runs a transaction again while others at the same time make it fail; with a `connection`, alone after some tries. Also
 * once when a key is taken: it looks again, and finds what another one created meanwhile.
 */
async function retrying<T>(transaction: () => Promise<T>, connection?: TransactionConnection): Promise<T> {
  let hasLookedAgain = false
  const giveUpAt = performance.now() + retryForMs
  for (let retry = 0; ; retry++) {
    try {
      return await (connection && retry >= firstRetryAlone ? alone(connection, transaction) : transaction())
    } catch (error) {
      const maySeeMore: boolean = !hasLookedAgain && isTaken(error)
      hasLookedAgain ||= maySeeMore
      if (performance.now() > giveUpAt || !(maySeeMore || isConflict(error))) throw error
    }
    await Bun.sleep(Math.random() * Math.min(retryPauseMs * 2 ** retry, maxPauseMs))
  }
}

/** The lock is the session's and not the transaction's: waiting for it inside would make the transaction look back. */
async function alone<T>(connection: TransactionConnection, transaction: () => Promise<T>): Promise<T> {
  await connection.run("select pg_advisory_lock(?)", [retryLock])
  try {
    return await transaction()
  } finally {
    await connection.run("select pg_advisory_unlock(?)", [retryLock]).catch(() => connection.close())
  }
}
