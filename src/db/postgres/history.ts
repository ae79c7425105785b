import type { ReservedSQL } from "bun"
import { replacedJump } from "../log-numbers.ts"
import { postgresCode } from "./failures.ts"

/**
 * Identifies the course of commits that this database continues: the installation of Postgres, its timeline, which
 * changes when a standby takes over, and the table, which is a new one after a dump was restored.
 */
const currentId = `(select system_identifier from pg_control_system()) || '/' ||
  left(pg_walfile_name(pg_current_wal_lsn()), 8) || '/' || 'channels'::regclass::oid`

const compare = `select pg_is_in_recovery() as "isStandby", id as known,
  case when not pg_is_in_recovery() then ${currentId} end as current from history`

/** What Postgres answers where an operator does not let ordinary users ask for these, or does not have them. */
const unavailable = new Set(["42501", "42883", "0A000"])

/** The Postgres that answers is a standby: it takes no writes, and what it will continue is not known yet. */
export class StandbyError extends Error {
  override readonly name = "StandbyError"
  readonly code = "POSTGRES_STANDBY"
}

/**
 * Has the numbers of all logs jump when the database was replaced by an older one. Called on each new connection before
 * it writes: a failover ends all connections, so nothing is written before this. Rejects with a `StandbyError`.
 */
export async function continueHistory(connection: ReservedSQL, ask: <T>(answer: Promise<T>) => Promise<T>) {
  const [row] = await ask(connection.unsafe(compare)).catch((error) => {
    if (unavailable.has(postgresCode(error) ?? "")) return []
    throw error
  })
  if (!row) return
  if (row.isStandby) throw new StandbyError("Postgres is a standby")
  if (row.known !== row.current) await startHistory(connection)
}

/** One of all connections does it; the others wait for that. */
async function startHistory(connection: ReservedSQL): Promise<void> {
  await connection.unsafe("begin")
  try {
    // It may take as long as it takes: each channel is written.
    await connection.unsafe("set local statement_timeout = 0")
    const [row] = await connection.unsafe(
      `select id as known, ${currentId} as current from history for update`,
    )
    if (row.known !== null && row.known !== row.current) {
      await connection.unsafe(`update channels set seq = seq + ${replacedJump}`)
      // Nodes then end all live connections, which come back and read anew.
      await connection.unsafe(`insert into access_head (id, seq) values (1, ${replacedJump})
        on conflict (id) do update set seq = access_head.seq + ${replacedJump}`)
    }
    await connection.unsafe("update history set id = $1", [row.current])
    await connection.unsafe("commit")
  } catch (error) {
    await connection.unsafe("rollback").catch(() => {})
    throw error
  }
}
