import type { ServerProcess } from "../server-process.ts"
import type { Store } from "../store.ts"
import type { ServiceLink } from "./link.ts"

/** A node of the cluster, and its links to what all nodes share. */
export interface LinkedNode {
  server: ServerProcess
  postgres: ServiceLink
  redis: ServiceLink
}

/** The node that holds the lock of the caretaker; `undefined` when none does or Postgres is not there. */
export async function findLockHolder(nodes: LinkedNode[], store: Store): Promise<LinkedNode | undefined> {
  try {
    const rows = await store.rows(
      `select client_port from pg_locks join pg_stat_activity using (pid)
       where locktype = 'advisory' and granted and application_name like '%caretaker'`,
    )
    const ports = new Set(rows.map(({ client_port }) => Number(client_port)))
    return nodes.find(({ postgres }) => postgres.servicePorts.some((port) => ports.has(port)))
  } catch {
    return undefined
  }
}
