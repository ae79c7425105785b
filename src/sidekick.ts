import { parseSidekickConfig } from "./config.ts"
import { createLogger } from "./observability/log.ts"
import { createSidekickService } from "./sidekick/service.ts"
import { configOrExit, listenOrExit, onStopSignal } from "./startup.ts"

/** How long a stopping sidekick waits for the server to take the messages of clients, in milliseconds. */
const drainMs = 6000
/** How long it then waits for its sockets to close. */
const closeTimeoutMs = 2000
/** How often it checks whether they have closed. */
const closePollMs = 10
/** When it exits at the latest: supervisors usually kill after ten seconds. */
const exitAfterMs = 9500

const config = configOrExit(() => parseSidekickConfig(process.env))
const log = createLogger(config)
const service = createSidekickService(config, log)
await listenOrExit(service.app, config)
log.info(`Covenant Chat's sidekick listens on http://localhost:${service.app.server?.port}`, {
  server: config.server.url,
})
onStopSignal(stop)

/** Accepts nothing new, waits for the server to take what clients sent, makes them reconnect, and ends the process. */
async function stop() {
  log.info("Stopping")
  setTimeout(() => process.exit(1), exitAfterMs).unref()
  const { server } = service.app
  server?.stop()
  await service.drain(Date.now() + drainMs)

  const deadline = Date.now() + closeTimeoutMs
  while (server && server.pendingWebSockets > 0 && Date.now() < deadline) await Bun.sleep(closePollMs)
  await server?.stop(true)
  process.exit(0)
}
