import type { ConnectionOptions } from "./connections.ts"
import { TransactionConnection } from "./transactions.ts"

type Task = (connection: TransactionConnection) => Promise<void>

/** Some connections for transactions; each task gets one that nobody uses, in the order of the tasks. */
export class ConnectionSet {
  readonly #connections: TransactionConnection[]
  readonly #idle: TransactionConnection[]
  readonly #waiting: Task[] = []

  constructor(options: ConnectionOptions, count: number) {
    this.#connections = Array.from({ length: count }, () => new TransactionConnection(options))
    this.#idle = this.#connections.toReversed()
  }

  /** Settles as the task does. */
  run<T>(task: (connection: TransactionConnection) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push((connection) => task(connection).then(resolve, reject))
      this.#next()
    })
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
  }

  #next(): void {
    // The one that was used last: its statements are prepared.
    const connection = this.#waiting.length > 0 ? this.#idle.pop() : undefined
    const task = connection && this.#waiting.shift()
    if (!(connection && task)) return

    void task(connection).then(() => {
      this.#idle.push(connection)
      this.#next()
    })
  }
}
