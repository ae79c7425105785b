import { spawnSync } from "node:child_process"
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findPostgresProgram } from "./programs.ts"
import { Service } from "./service.ts"
import { findFreePort, startSupervised } from "./supervised.ts"

interface PostgresOptions {
  /** `false`: commits do not wait for the disk. Nothing is lost when Postgres is killed, but when the machine fails. */
  isDurable?: boolean
  /** Further settings, such as `max_connections`. */
  settings?: Record<string, string>
}

/**
 * Starts a Postgres with an empty data folder and a port of its own, which ends with this process. Its `url` names the
 * database `postgres` and a superuser. Throws when Postgres is not installed.
 */
export async function startPostgres({
  isDurable = true,
  settings = {},
}: PostgresOptions = {}): Promise<Service> {
  const initdb = findPostgresProgram("initdb")
  const postgres = findPostgresProgram("postgres")
  const isReadyProgram = findPostgresProgram("pg_isready")
  if (!(initdb && postgres && isReadyProgram)) throw new Error("Postgres is not installed")

  const folder = mkdtempSync(join(tmpdir(), "covenant-postgres-"))
  const data = join(folder, "data")
  const password = crypto.randomUUID()
  const user = ownedByUnprivileged(folder)
  initialize({ initdb, folder, data, password, user })

  const port = await findFreePort()
  const all = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "300",
    fsync: isDurable ? "on" : "off",
    full_page_writes: isDurable ? "on" : "off",
    ...settings,
  }
  const command = [
    postgres,
    "-D",
    data,
    ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ]
  const isReady = async () =>
    spawnSync(isReadyProgram, ["-q", "-h", "127.0.0.1", "-p", String(port)]).status === 0
  return Service.start({
    port,
    url: `postgres://covenant:${password}@127.0.0.1:${port}/postgres`,
    start: () => startSupervised(command, { user, lastSignal: "QUIT", folder, isReady }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  })
}

interface Cluster {
  initdb: string
  folder: string
  data: string
  password: string
  user: string | undefined
}

function initialize({ initdb, folder, data, password, user }: Cluster): void {
  const passwordFile = join(folder, "password")
  writeFileSync(passwordFile, password)
  // Passwords in plain text cost no time, and nothing but this machine hears them.
  const options = ["--username=covenant", "--auth=password", `--pwfile=${passwordFile}`]
  const encoding = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
  const asUser = user ? ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"] : []
  const [command = "", ...rest] = [...asUser, initdb, "-D", data, ...options, ...encoding]
  const { status, stderr } = spawnSync(command, rest, { encoding: "utf8" })
  rmSync(passwordFile)
  if (status === 0) return

  rmSync(folder, { recursive: true, force: true })
  throw new Error(`initdb failed: ${stderr}`)
}

/** Postgres refuses to run as root: gives the folder to Debian's user for it, whose name it returns. */
function ownedByUnprivileged(folder: string): string | undefined {
  if (process.getuid?.() !== 0) return undefined

  const user = "postgres"
  const { stdout, status } = spawnSync("id", ["-u", user], { encoding: "utf8" })
  if (status !== 0) throw new Error(`Root needs the user "${user}" to run Postgres`)
  chownSync(folder, Number(stdout), statSync(folder).gid)
  chmodSync(folder, 0o755)
  return user
}
