import type { ReservedSQL, SQL } from "bun"

/** A lock that one process of an installation holds at a time, and that ends with its holder. */
export interface AdvisoryLock {
  /** Tries to take it; resolves with whether this process has it now. Rejects when the database does not answer. */
  acquire(): Promise<boolean>
  /** Whether this process still has it. Resolves with `false` when it cannot be known. */
  held(): Promise<boolean>
  release(): Promise<void>
}

/** How long a statement may take, in milliseconds: one into a black hole would never end. */
const answerTimeoutMs = 2000
/** How long connecting may take, in seconds. */
const connectTimeoutSeconds = 2

/** Has Postgres notice within some 11 s that the other end of this connection is gone, and end it. */
const keepAlive = {
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 10_000,
}

interface LockSession {
  sql: SQL
  connection: ReservedSQL
}

/**
 * An advisory lock of Postgres, on a connection of its own: the lock belongs to that connection and is free as soon as it
 * ends. It must go to Postgres itself, since a pooler may hand a session's statements to several connections.
 */
export class PostgresAdvisoryLock implements AdvisoryLock {
  readonly #url: string
  readonly #key: number
  #session: LockSession | null = null

  /** `key` names the lock among those of the database. */
  constructor(url: string, key: number) {
    this.#url = url
    this.#key = key
  }

  async acquire(): Promise<boolean> {
    this.#session ??= await this.#connect()
    const [row] = await this.#ask(`select pg_try_advisory_lock(${this.#key}) as "isHeld"`)
    return row?.isHeld === true
  }

  async held(): Promise<boolean> {
    // Bigger keys would also set `classid`.
    const ofThisSession = `locktype = 'advisory' and pid = pg_backend_pid() and objid = ${this.#key} and granted`
    try {
      const [row] = await this.#ask(`select count(*)::int as "locks" from pg_locks where ${ofThisSession}`)
      return Number(row?.locks) > 0
    } catch {
      return false
    }
  }

  async release(): Promise<void> {
    await this.#disconnect()
  }

  async #connect(): Promise<LockSession> {
    const sql = new Bun.SQL(this.#url, {
      adapter: "postgres",
      max: 1,
      idleTimeout: 0,
      connectionTimeout: connectTimeoutSeconds,
      connection: { application_name: "covenant-chat caretaker", ...keepAlive },
    })
    try {
      return { sql, connection: await withDeadline(sql.reserve()) }
    } catch (error) {
      await sql.close({ timeout: 0 }).catch(() => {})
      throw error
    }
  }

  /** Runs a statement on the lock's connection. When that fails the connection is given up, and the lock with it. */
  async #ask(statement: string): Promise<Record<string, unknown>[]> {
    if (!this.#session) throw new Error("There is no connection that could hold the lock")

    try {
      return await withDeadline(this.#session.connection.unsafe(statement))
    } catch (error) {
      await this.#disconnect()
      throw error
    }
  }

  async #disconnect(): Promise<void> {
    const session = this.#session
    this.#session = null
    await session?.sql.close({ timeout: 0 }).catch(() => {})
  }
}

async function withDeadline<T>(answer: PromiseLike<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error("Postgres does not answer in time")), answerTimeoutMs)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}
