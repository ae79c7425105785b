import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Trace } from "./trace.ts"

const root = join(import.meta.dir, "..")
const pollMs = 10
/** A server that takes longer to start is broken. */
const maxStartMs = 20_000

/** The real server in a process of its own. Its database file and port survive its death. */
export class ServerProcess {
  longestStartMs = 0
  logLines = 0
  readonly databasePath: string
  readonly #port: number
  readonly #trace: Trace
  #child: Bun.Subprocess<"ignore", "ignore", "pipe"> | undefined
  #isMeantToEnd = false

  constructor(port: number, databasePath: string, trace: Trace) {
    this.#port = port
    this.databasePath = databasePath
    this.#trace = trace
    // An interrupted trial must not leave its server running.
    process.once("exit", () => this.#child?.kill("SIGKILL"))
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Starts the server. Resolves once it is ready or was killed. */
  async start(): Promise<void> {
    const startedAt = Date.now()
    const child = this.#spawn()
    while (child.exitCode === null && child.signalCode === null && !(await this.#isReady())) {
      if (Date.now() - startedAt > maxStartMs)
        throw new Error(`The server was not ready after ${maxStartMs} ms`)
      await Bun.sleep(pollMs)
    }
    this.longestStartMs = Math.max(this.longestStartMs, Date.now() - startedAt)
  }

  /** `kill -9`: the process executes nothing more. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL")
  }

  /** Stops the server as a deployment does. Anything but a clean exit is a violation. */
  async stop(): Promise<void> {
    const child = await this.#end("SIGTERM")
    if (child?.exitCode !== 0) this.#crashed(`Exited after SIGTERM with ${exitOf(child)}`)
  }

  #spawn() {
    this.#isMeantToEnd = false
    const child = Bun.spawn(["bun", "src/main.ts"], {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: "",
        HOST: "127.0.0.1",
        PORT: String(this.#port),
        DATABASE_URL: this.databasePath,
        // As in production after the first start: without the seed, better-auth is loaded after the first request.
        SEED: String(!existsSync(this.databasePath)),
        RATE_LIMIT_MESSAGES: "off",
        RATE_LIMIT_LOGINS: "off",
        LOG_LEVEL: "warn",
      },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    })
    this.#child = child
    void this.#readLog(child.stderr)
    void child.exited.then(() => {
      if (this.#isMeantToEnd || child !== this.#child) return
      this.#crashed(`Exited by itself with ${exitOf(child)}`)
    })
    return child
  }

  #crashed(what: string): void {
    this.#trace.violation({ kind: "crashed", who: "server", what })
  }

  async #end(signal: "SIGKILL" | "SIGTERM") {
    const child = this.#child
    this.#isMeantToEnd = true
    child?.kill(signal)
    await child?.exited
    return child
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.origin}/health`, { signal: AbortSignal.timeout(1000) })).ok
    } catch {
      return false
    }
  }

  /** Records warnings and errors: not violations, but they often explain one. */
  async #readLog(stderr: ReadableStream<Uint8Array>): Promise<void> {
    for await (const bytes of stderr) {
      this.logLines++
      this.#trace.event("server log", { text: new TextDecoder().decode(bytes).slice(0, 2000) })
    }
  }
}

function exitOf(child: Bun.Subprocess | undefined) {
  return child?.exitCode ?? child?.signalCode
}
