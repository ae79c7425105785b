import { join } from "node:path"
import type { Trace } from "./trace.ts"

const root = join(import.meta.dir, "..")
const pollMs = 10
/** A server that takes longer to start is broken. */
const maxStartMs = 20_000

interface ServerOptions {
  name: string
  port: number
  /** Its environment variables when it is started now, besides those that all have. */
  environment: () => Record<string, string>
  /** Arguments of Bun before the program's path. */
  bunArguments?: string[]
  /** Whether a server may exit by itself before it is ready: what it depends on may be out of order. */
  mayFailToStart?: () => boolean
  trace: Trace
}

/** The real server in a process of its own. Its port survives its death. */
export class ServerProcess {
  longestStartMs = 0
  logLines = 0
  readonly #options: ServerOptions
  #child: Bun.Subprocess<"ignore", "ignore", "pipe"> | undefined
  #isMeantToEnd = false
  #isReadyOnce = false

  constructor(options: ServerOptions) {
    this.#options = options
    // An interrupted trial must not leave its server running.
    process.once("exit", () => this.#child?.kill("SIGKILL"))
  }

  get name(): string {
    return this.#options.name
  }

  get port(): number {
    return this.#options.port
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get isRunning(): boolean {
    return this.#child !== undefined && !hasEnded(this.#child)
  }

  /** Starts the server. Resolves once it is ready or was killed. */
  async start(): Promise<void> {
    const startedAt = Date.now()
    let child = this.#spawn()
    while (!(await this.isReady())) {
      if (hasEnded(child)) {
        if (this.#isMeantToEnd || !this.#mayFailToStart) break
        child = this.#spawn()
      }
      if (Date.now() - startedAt > maxStartMs && !this.#mayFailToStart)
        throw new Error(`${this.name} was not ready after ${maxStartMs} ms`)
      await Bun.sleep(pollMs)
    }
    this.#isReadyOnce = true
    if (!this.#mayFailToStart) this.longestStartMs = Math.max(this.longestStartMs, Date.now() - startedAt)
  }

  get #mayFailToStart(): boolean {
    return this.#options.mayFailToStart?.() ?? false
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

  /** Whether it answers that it can serve requests. */
  async isReady(): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(1000)
      return (await fetch(`http://127.0.0.1:${this.port}/health`, { signal })).ok
    } catch {
      return false
    }
  }

  #spawn() {
    const { environment, bunArguments = [], port } = this.#options
    this.#isMeantToEnd = false
    this.#isReadyOnce = false
    const child = Bun.spawn(["bun", ...bunArguments, "src/main.ts"], {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: "",
        HOST: "127.0.0.1",
        PORT: String(port),
        RATE_LIMIT_MESSAGES: "off",
        RATE_LIMIT_LOGINS: "off",
        LOG_LEVEL: "warn",
        PUSH_PRIVATE_HOSTS: "127.0.0.1",
        ...environment(),
      },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    })
    this.#child = child
    void this.#readLog(child.stderr)
    void child.exited.then(() => {
      const isExcused = !this.#isReadyOnce && this.#mayFailToStart
      if (this.#isMeantToEnd || isExcused || child !== this.#child) return
      this.#crashed(`Exited by itself with ${exitOf(child)}`)
    })
    return child
  }

  #crashed(what: string): void {
    this.#options.trace.violation({ kind: "crashed", who: this.name, what })
  }

  async #end(signal: "SIGKILL" | "SIGTERM") {
    const child = this.#child
    this.#isMeantToEnd = true
    child?.kill(signal)
    await child?.exited
    return child
  }

  /** Records warnings and errors: not violations, but they often explain one. */
  async #readLog(stderr: ReadableStream<Uint8Array>): Promise<void> {
    for await (const bytes of stderr) {
      this.logLines++
      this.#options.trace.event("server log", {
        who: this.name,
        text: new TextDecoder().decode(bytes).slice(0, 2000),
      })
    }
  }
}

function hasEnded({ exitCode, signalCode }: Bun.Subprocess): boolean {
  return exitCode !== null || signalCode !== null
}

function exitOf(child: Bun.Subprocess | undefined) {
  return child?.exitCode ?? child?.signalCode
}
