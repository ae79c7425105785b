import { parseSidekickConfig } from "./config.ts"
import { createLog } from "./observability/log.ts"
import { createService } from "./sidekick/service.ts"

/** How long a stopping sidekick waits for the server to take what clients sent, in milliseconds. */
const drainMs = 6000
/** How long it then waits for its sockets to close. */
const closeMs = 2000
/** By then it has ended, whatever happens: whoever supervises it kills after ten seconds. */
const endMs = 9500

const config = configOrExit()
const log = createLog(config)
const service = createService(config, log)
listenOrExit()
log.info(`Covenant Chat's sidekick listens on http://localhost:${service.app.server?.port}`, {
  server: config.server.url,
})

let isStopping = false
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait.
    if (isStopping) process.exit(1)
    isStopping = true
    void stop()
  })
}

async function stop() {
  log.info("Stopping")
  setTimeout(() => process.exit(1), endMs).unref()
  const { server } = service.app
  server?.stop()
  await service.drain(Date.now() + drainMs)

  const deadline = Date.now() + closeMs
  while (server && server.pendingWebSockets > 0 && Date.now() < deadline) await Bun.sleep(10)
  await server?.stop(true)
  process.exit(0)
}

function listenOrExit(): void {
  try {
    // Elysia would share the port with whoever has it.
    service.app.listen({ port: config.port, hostname: config.host, reusePort: false })
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE"
    if (!isTaken) throw error

    exit(`Port ${config.port} is taken by another program. Choose another with PORT`)
  }
}

function configOrExit() {
  try {
    return parseSidekickConfig(process.env)
  } catch (error) {
    return exit(error instanceof Error ? error.message : String(error))
  }
}

function exit(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
