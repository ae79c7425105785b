import type { ReservedSQL, SQL } from "bun"
import type { Tx } from "../database.ts"
import { type ConnectionOptions, connect, send } from "./connections.ts"
import { Deadline } from "./deadline.ts"
import { createHandle } from "./driver.ts"
import { isReadOnly } from "./failures.ts"
import { continueHistory } from "./history.ts"
import type { Rows } from "./statement.ts"

/** A connection of its own for transactions, one after another. It is made anew after it broke. */
export class TransactionConnection {
  /** The same object for all transactions: prepared statements are cached for it. */
  readonly #tx: Tx
  readonly #options: ConnectionOptions
  readonly #deadline: Deadline
  #pool: SQL | null = null
  #connection: ReservedSQL | null = null
  #isInTransaction = false
  readonly #underWay = new Set<Promise<Rows>>()

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#deadline = new Deadline(options.deadlineMs, () => this.close())
    this.#tx = createHandle((text, values) => this.#runInside(text, values)) as unknown as Tx
  }

  /**
   * Runs `work` in a transaction that begins with the statements `begin`, and resolves with what it returned once that
   * is committed. When it throws, the transaction is rolled back.
   */
  async transact<T>(begin: [text: string, values: unknown[]][], work: (tx: Tx) => Promise<T>): Promise<T> {
    await this.#connect()
    this.#isInTransaction = true
    try {
      // Not awaited one by one: they leave together with the first statement of `work`, which runs after them.
      const begun = Promise.all(begin.map(([text, values]) => this.#run(text, values)))
      const [isBegun, done] = await Promise.allSettled([begun, work(this.#tx)])
      // Why the transaction could not begin is the reason for whatever failed in `work`.
      if (isBegun.status === "rejected") throw isBegun.reason
      if (done.status === "rejected") throw done.reason
      await this.#commit()
      return done.value
    } catch (error) {
      await this.#rollBack()
      if (isReadOnly(error)) this.close()
      throw error
    } finally {
      this.#isInTransaction = false
    }
  }

  /** Runs a statement outside a transaction. */
  async run(text: string, values: unknown[]): Promise<Rows> {
    await this.#connect()
    return this.#run(text, values)
  }

  /** Closes the connection at once, in whatever it does; the next transaction opens a new one. */
  close(): void {
    void this.#pool?.close({ timeout: 0 })
    this.#pool = null
    this.#connection = null
  }

  async #connect(): Promise<void> {
    if (this.#connection) return

    const pool = connect(this.#options, 1, () => this.#pool === pool && this.close())
    this.#pool = pool
    try {
      const connection = await this.#deadline.watch(pool.reserve())
      await continueHistory(connection, (answer) => this.#deadline.watch(answer))
      // Closed in the meantime.
      if (this.#pool === pool) this.#connection = connection
    } catch (error) {
      this.close()
      throw error
    }
  }

  async #runInside(text: string, values: unknown[]): Promise<Rows> {
    if (!this.#isInTransaction) throw new Error("A statement came after the end of its commit")

    const statement = this.#run(text, values)
    this.#underWay.add(statement)
    try {
      return await statement
    } finally {
      this.#underWay.delete(statement)
    }
  }

  async #run(text: string, values: unknown[]): Promise<Rows> {
    if (!this.#connection) throw new ConnectionLost("The connection to Postgres was closed")
    return this.#deadline.watch(send(this.#connection, text, values))
  }

  async #commit(): Promise<void> {
    const { command } = await this.#run("commit", [])
    // What Postgres answers when a statement failed, even if `work` caught that error.
    if (command !== "COMMIT") throw new Error("The commit was rolled back: one of its statements had failed")
  }

  async #rollBack(): Promise<void> {
    // When one of several statements at once fails, `work` ends before the others; what follows from those must not
    // run in the next transaction.
    while (this.#underWay.size > 0) {
      await Promise.allSettled(this.#underWay)
      await new Promise((resolve) => setImmediate(resolve))
    }
    // What comes now would be a commit of its own.
    this.#isInTransaction = false
    try {
      await this.#run("rollback", [])
    } catch {
      // Closing the connection rolls back too.
      this.close()
    }
  }
}

/** The connection broke during a transaction. */
class ConnectionLost extends Error {
  override readonly name = "ConnectionLost"
  readonly code = "POSTGRES_CONNECTION_LOST"
}
