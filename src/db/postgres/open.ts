import type { Database } from "../database.ts"
import { type CommitConnections, PostgresCommits } from "./commits.ts"
import { type ConnectionOptions, Connections } from "./connections.ts"
import { createHandle } from "./driver.ts"
import { StandbyError } from "./history.ts"
import { migrate } from "./migrate.ts"
import { PostgresVersions } from "./versions.ts"

export interface PostgresOptions {
  /** The schema with the tables; it must exist. */
  schema?: string
  /** How long Postgres may take to answer a statement, in milliseconds. */
  deadlineMs?: number
  /** Connections of this node. */
  connections?: Partial<CommitConnections & { read: number }>
}

/** A database in Postgres, which other nodes may use at the same time. */
export interface PostgresDatabase extends Database {
  readonly dataVersions: PostgresVersions
}

const defaultConnections = { read: 8, append: 8, decide: 4, note: 4 }
const defaultDeadlineMs = 5_000

/**
 * Opens a database in Postgres and migrates it as needed. Throws when Postgres cannot be reached, or when its database
 * was migrated by a version that is too new for this one.
 */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<PostgresDatabase> {
  const { schema = "public", deadlineMs = defaultDeadlineMs } = options
  const counts = { ...defaultConnections, ...options.connections }
  const connection: ConnectionOptions = { url, schema, deadlineMs }
  await migrate(connection)

  const dataVersions = new PostgresVersions()
  const reading = new Connections(connection, counts.read)
  const commits = new PostgresCommits(connection, counts, dataVersions)
  return {
    db: createHandle(reading.run),
    commits,
    dataVersions,
    async ping() {
      const [row] = await reading.run("select pg_is_in_recovery(), (select 1 from users limit 1)", [])
      if (row?.[0]) throw new StandbyError("Postgres is a standby")
    },
    async close() {
      await commits.flush()
      commits.close()
      await reading.close()
    },
  }
}
