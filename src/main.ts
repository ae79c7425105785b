import { join } from "node:path"
import { createApp } from "./app.ts"
import { createChat } from "./chat.ts"
import { seed } from "./cli/seed.ts"
import { type DatabaseConfig, parseConfig } from "./config.ts"
import type { Database } from "./db/database.ts"
import { DatabaseTooNew } from "./db/database-too-new.ts"
import { type StorageFailure, storageFailure } from "./db/failures.ts"
import { openDatabase } from "./db/open.ts"
import { lockForServer } from "./db/sqlite/server-lock.ts"
import { requireFolder } from "./features/files/storage.ts"
import { createSetUpPath, setUpNotice } from "./features/instance/setting-up.ts"
import { createCluster } from "./join-cluster.ts"
import { createLogger } from "./observability/log.ts"
import { root } from "./root.ts"
import { configOrExit, exit, isSystemError, listenOrExit, onStopSignal } from "./startup.ts"
import { openAssets } from "./web/assets.ts"

/** How long a stopping server waits for commits, open requests and sockets, in milliseconds. */
const finishTimeoutMs = 6500
/** How often it checks whether they have ended. */
const finishPollMs = 20
/** How long it then tries to send the last announcements to its standalone sidekick or to other nodes. */
const leaveTimeoutMs = 1000
/** How long it tries to close the database. What is not confirmed by then is sent again, to another server. */
const closeTimeoutMs = 1000
/** How long after the start it returns memory, in milliseconds. Whoever comes back after a restart is there by then. */
const returnMemoryAfterMs = 1000
/** How long after the drain it exits at the latest: supervisors usually kill after ten seconds. */
const exitAfterMs = 9500

const config = configOrExit(() => parseConfig(process.env))
configOrExit(() => requireFolder(config.storage))
const log = createLogger(config)
const database = await databaseOrExit(config.database)
const unlock = warnOfOtherServer(config.database)
const chat = createChat({ config, database, log, cluster: createCluster(config, database, log) })
chat.readiness.hold("The server is starting")
const app = createApp(chat, await openAssets(join(root, "static")))
await listenOrExit(app, config)
log.info(`Covenant Chat listens on ${config.publicOrigin ?? `http://localhost:${app.server?.port}`}`)

const stopping = onStopSignal(stop)

if (config.seed) await seed(database, chat.auth)
await offerSetUp()
await chat.look.load()
if (!stopping.aborted) chat.readiness.release()
chat.start()
setTimeout(returnMemory, returnMemoryAfterMs).unref()

/** Says once, while nobody administers the chat, at which address to begin. */
async function offerSetUp(): Promise<void> {
  // Nodes that start together must not take each other's address away.
  const path = await createSetUpPath(database, { keepOthers: chat.node !== undefined })
  if (!path) return

  const notice = setUpNotice(`${config.publicOrigin ?? `http://localhost:${app.server?.port}`}${path}`)
  // Without it nobody can sign in, so it is printed at every log level.
  if (log.isOn("info")) log.info(notice)
  else process.stderr.write(`${notice}\n`)
}

/** Is anybody connected, or waiting for an answer? */
function isBusy(): boolean {
  const { server } = app
  return server !== null && server.pendingRequests + server.pendingWebSockets > 0
}

/**
 * Returns what only the start needed: most of it is compiled code that ran once (docs/decisions/061-memory-after-the-start.md).
 * Not while somebody is served, whom it would stop for a moment.
 */
function returnMemory(): void {
  if (isBusy()) return

  // Code is not dropped while a collection is under way. A later Bun may have no `shrink`: it is deprecated.
  Bun.gc(true)
  Bun.shrink?.()
}

/** After the drain: accepts nothing new, finishes what was accepted, makes live readers reconnect, and ends the process. */
async function stop() {
  log.info("Stopping")
  chat.readiness.hold("The server is stopping")
  // A balancer that still sends requests gets answers until it has seen that.
  await Bun.sleep(config.drainSeconds * 1000)
  setTimeout(() => process.exit(1), exitAfterMs).unref()
  chat.close()
  const { server } = app
  server?.stop()
  // As with the port: the next server may start now.
  unlock()
  const deadline = Date.now() + finishTimeoutMs
  const timeout = Bun.sleep(finishTimeoutMs)
  await Promise.race([database.commits.flush(), timeout])
  // Lets the confirmations of those commits go out before their connections close.
  await new Promise((resolve) => setImmediate(resolve))
  chat.sidekick.evict({}, { code: 503, message: "The server restarts" })

  // `server.stop()` cannot be awaited for this: it also waits for idle connections, which browsers keep open.
  while (isBusy() && Date.now() < deadline) await Bun.sleep(finishPollMs)
  await Promise.race([database.commits.flush(), timeout])
  await new Promise((resolve) => setImmediate(resolve))
  await Promise.race([chat.leave(), Bun.sleep(leaveTimeoutMs)])
  await server?.stop(true)
  await Promise.race([database.close(), Bun.sleep(closeTimeoutMs)])
  process.exit(0)
}

/** Two servers on one SQLite file know nothing of each other. Returns what lets the next server start without a warning. */
function warnOfOtherServer(config: DatabaseConfig): () => void {
  if ("url" in config) return () => {}

  const { isOnly, unlock } = lockForServer(config.path)
  if (!isOnly) {
    log.warn(
      `The database ${config.path} is used by another server, too: at each, people see late what is said at the other. Stop one of them, or use Postgres and Redis (docs/scale.md)`,
    )
  }
  return unlock
}

async function databaseOrExit(config: DatabaseConfig): Promise<Database> {
  try {
    return await openDatabase(config)
  } catch (error) {
    if (error instanceof DatabaseTooNew) return exit(error.message)
    const refused = isSystemError(error) ? { code: error.code, cause: error.message } : undefined
    const failure: StorageFailure | undefined = storageFailure(error) ?? refused
    if (!failure) throw error

    const isFile = "path" in config
    const name = isFile ? `database ${config.path}` : "database of DATABASE_URL"
    const advice = isFile ? failure.advice : "Start Postgres, or correct DATABASE_URL"
    return exit(
      `The ${name} cannot be used: ${failure.cause} (${failure.code})${advice ? `. ${advice}` : ""}`,
    )
  }
}
