import { spawnSync } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findPostgresProgram } from "../../src/cli/services/programs.ts"
import { acceptsConnections, findFreePort, startSupervised } from "../../src/cli/services/supervised.ts"
import { until } from "./listen.ts"
import { execute } from "./postgres.ts"

/**
 * A standby of a Postgres, on a port of its own, that receives no commit after this: as if it had been cut
 * off. It ends with this process.
 */
export async function startStandby(url: string) {
  const folder = mkdtempSync(join(tmpdir(), "covenant-standby-"))
  const data = join(folder, "data")
  const user = process.getuid?.() === 0 ? "postgres" : undefined
  if (user) spawnSync("chown", [user, folder])
  chmodSync(folder, 0o700)
  const asUser = user ? ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"] : []
  const copy = [findPostgresProgram("pg_basebackup"), "-d", url, "-D", data, "--checkpoint=fast", "--no-sync"]
  const [program = "", ...rest] = [...asUser, ...copy.map(String)]
  const { status, stderr } = spawnSync(program, rest, { encoding: "utf8" })
  if (status !== 0) throw new Error(`pg_basebackup failed: ${stderr}`)

  writeFileSync(join(data, "standby.signal"), "")
  const port = await findFreePort()
  // A standby refuses to be read with less connections or prepared transactions than its primary has.
  const atLeastAsPrimary = { max_connections: 1000, max_prepared_transactions: 10 }
  const settings = { port, listen_addresses: "127.0.0.1", unix_socket_directories: "", ...atLeastAsPrimary }
  const running = await startSupervised(
    [
      String(findPostgresProgram("postgres")),
      "-D",
      data,
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    { user, lastSignal: "QUIT", folder, isReady: () => acceptsConnections(port) },
  )
  const address = new URL(url)
  address.port = String(port)
  const isStandby = async () =>
    (await execute(address.href, "select pg_is_in_recovery() as now").catch(() => []))[0]?.now
  await until("the standby can be read", async () => (await isStandby()) === true, 20_000)
  return {
    url: address.href,
    /** Makes it a primary. */
    promote: () => execute(address.href, "select pg_promote()"),
    async [Symbol.asyncDispose]() {
      running.signal("SIGQUIT")
      await running.ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
