import { join } from "node:path"
import { createApp } from "./app.ts"
import { createChat } from "./chat.ts"
import { seed } from "./cli/seed.ts"
import { parseConfig } from "./config.ts"
import { storageFailure } from "./db/failures.ts"
import { type Database, openDatabase } from "./db/open.ts"
import { createLog } from "./observability/log.ts"
import { openAssets } from "./web/assets.ts"

/** How long a stopping server waits for what it accepted, in milliseconds. */
const drainMs = 8000
/** By then it has ended, whatever happens: whoever supervises it kills after ten seconds. */
const endMs = 9500
/** How long it then tries to tell its sidekick the last of it. */
const tellMs = 1000
/** How often it looks whether that is done. */
const lookMs = 20
/** For so long a server that has just started does nothing but answer those who waited for it. */
const answeringMs = 500

const config = configOrExit()
const log = createLog(config)
const database = databaseOrExit(config.databasePath)
const chat = createChat({ config, database, log })
chat.readiness.hold("The server is starting")
const app = createApp(chat, await openAssets(join(import.meta.dir, "../static")))
listenOrExit()
log.info(`Covenant Chat listens on ${config.publicOrigin ?? `http://localhost:${app.server?.port}`}`)

let isStopping = false
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait.
    if (isStopping) process.exit(1)
    isStopping = true
    void stop()
  })
}

if (config.seed) await seed(database, chat.auth)
if (!isStopping) chat.readiness.release()
chat.sweeper.start()
void chat.threads.start()
chat.previews.start()
chat.searchIndex.start()
// Loading better-auth stops all else for a moment. Nobody who is signed in needs it: those who waited for the start are
// answered first, and whoever signs in later does not wait for it.
await Bun.sleep(answeringMs)
await chat.auth()

/** Takes nothing new, finishes what it has accepted, sends live readers to whoever comes next, and ends. */
async function stop() {
  log.info("Stopping")
  setTimeout(() => process.exit(1), endMs).unref()
  chat.readiness.hold("The server is stopping")
  chat.sweeper.stop()
  chat.deliveries.close()
  chat.threads.close()
  chat.previews.close()
  chat.avatars.close()
  chat.searchIndex.close()
  const { server } = app
  server?.stop()
  database.commits.flush()
  // Whoever sent what was just stored is told so before their connection ends.
  await new Promise((resolve) => setImmediate(resolve))
  chat.sidekick.evict({}, { code: 503, message: "The server restarts" })

  // Not for `stop` itself: it waits for connections on which nothing happens, and browsers keep those open.
  const deadline = Date.now() + drainMs
  const isBusy = () => server && server.pendingRequests + server.pendingWebSockets > 0
  while (isBusy() && Date.now() < deadline) await Bun.sleep(lookMs)
  database.commits.flush()
  await new Promise((resolve) => setImmediate(resolve))
  await Promise.race([chat.service?.sidekick.close(), Bun.sleep(tellMs)])
  await server?.stop(true)
  database.close()
  process.exit(0)
}

function listenOrExit(): void {
  try {
    // Elysia would share the port with whoever has it: two servers, each with half of the people.
    app.listen({ port: config.port, hostname: config.host, reusePort: false })
  } catch (error) {
    if (!isSystemError(error)) throw error
    if (error.code === "EADDRINUSE")
      exit(`Port ${config.port} is taken by another program. Choose another with PORT`)

    exit(`Nobody can listen on HOST=${config.host}, PORT=${config.port}: ${error.code}`)
  }
}

function configOrExit() {
  try {
    return parseConfig(process.env)
  } catch (error) {
    return exit(error instanceof Error ? error.message : String(error))
  }
}

function databaseOrExit(path: string): Database {
  try {
    return openDatabase(path)
  } catch (error) {
    const failure =
      storageFailure(error) ?? (isSystemError(error) ? { code: error.code, cause: error.message } : undefined)
    if (!failure) throw error

    const advice = "Free it, or restore a backup with: bun run restore <file>"
    return exit(`The database ${path} cannot be used: ${failure.cause} (${failure.code}). ${advice}`)
  }
}

/** Something that the operating system refused. */
function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string"
}

function exit(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
