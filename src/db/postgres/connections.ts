import type { SQL } from "bun"
import { Deadline } from "./deadline.ts"
import { type Rows, toParameters, toSqliteValues, translate } from "./statement.ts"

export interface ConnectionOptions {
  url: string
  /** The schema that holds the tables. */
  schema: string
  /** How long a statement may take, in milliseconds; 0: without end. */
  deadlineMs: number
}

/** How long connecting may take, in milliseconds, where statements have no deadline. */
const defaultConnectMs = 5_000

/** Runs one statement of Drizzle's SQLite dialect. */
export type RunStatement = (text: string, values: unknown[]) => Promise<Rows>

/** How long statements that run on the connections of a pool that is replaced may still take, in seconds. */
const graceSeconds = 1

/** Connections for statements that are commits of their own. They are made anew when Postgres stops answering. */
export class Connections {
  readonly #options: ConnectionOptions
  readonly #max: number
  readonly #deadline: Deadline
  #sql: SQL

  constructor(options: ConnectionOptions, max: number) {
    this.#options = options
    this.#max = max
    this.#sql = connect(options, max)
    this.#deadline = new Deadline(options.deadlineMs, (isStuck) => isStuck && this.#renew())
  }

  readonly run: RunStatement = async (text, values) => {
    return await this.#deadline.watch(send(this.#sql, text, values))
  }

  async close(): Promise<void> {
    await this.#sql.close({ timeout: graceSeconds })
  }

  #renew(): void {
    void this.#sql.close({ timeout: graceSeconds })
    this.#sql = connect(this.#options, this.#max)
  }
}

/** Opens up to `max` connections, when they are needed. `onClose` is called whenever one has ended. */
export function connect(
  { url, schema, deadlineMs }: ConnectionOptions,
  max: number,
  onClose?: () => void,
): SQL {
  // Not imported: Bun would load its driver at the start of each program, also on SQLite.
  return new Bun.SQL(url, {
    adapter: "postgres",
    max,
    onclose: onClose,
    connectionTimeout: (deadlineMs || defaultConnectMs) / 1000,
    connection: {
      application_name: "covenant-chat",
      search_path: schema,
      // Ends a slow statement before its deadline does, which would end the connection.
      statement_timeout: Math.round(deadlineMs * 0.9),
      // A node that was cut off while it wrote would keep a channel locked for all others.
      idle_in_transaction_session_timeout: deadlineMs,
      tcp_keepalives_idle: 5,
      tcp_keepalives_interval: 2,
      tcp_keepalives_count: 3,
      tcp_user_timeout: 10_000,
    },
  })
}

/** Sends a statement at once, without waiting for the answers to earlier ones on its connection. */
export function send(sql: Pick<SQL, "unsafe">, text: string, values: unknown[]): Promise<Rows> {
  return sql
    .unsafe(translate(text), toParameters(values))
    .values()
    .then((rows: Rows) => toSqliteValues(rows) as Rows)
}
