import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Trace } from "./trace.ts"

const root = join(import.meta.dir, "..")
const pollMs = 10
/** A server that takes longer to start or to drain than this is broken. */
const maxStartMs = 20_000

/** The real server as a process of its own, on a file and a port that stay when it dies. */
export class ServerProcess {
  longestStartMs = 0
  complaints = 0
  #child: Bun.Subprocess<"ignore", "ignore", "pipe"> | undefined
  #isMeantToEnd = false

  constructor(
    private readonly port: number,
    readonly databasePath: string,
    private readonly trace: Trace,
  ) {
    // Whoever interrupts the trial does not mean to leave its server behind.
    process.once("exit", () => this.#child?.kill("SIGKILL"))
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts it. Resolves once it is ready, or has been killed before it was. */
  async start(): Promise<void> {
    const begunAt = Date.now()
    const child = this.#spawn()
    while (child.exitCode === null && child.signalCode === null && !(await this.#isReady())) {
      if (Date.now() - begunAt > maxStartMs) throw new Error(`The server was not ready in ${maxStartMs} ms`)
      await Bun.sleep(pollMs)
    }
    this.longestStartMs = Math.max(this.longestStartMs, Date.now() - begunAt)
  }

  /** `kill -9`: it does nothing more, not even an instruction. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL")
  }

  /** Asks it to stop, as a deploy does, and expects it to do so in order. */
  async stop(): Promise<void> {
    const child = await this.#end("SIGTERM")
    if (child?.exitCode !== 0) {
      this.trace.violate("crashed", "server", `SIGTERM ended with ${child?.exitCode ?? child?.signalCode}`)
    }
  }

  #spawn() {
    this.#isMeantToEnd = false
    const child = Bun.spawn(["bun", "src/main.ts"], {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: "",
        HOST: "127.0.0.1",
        PORT: String(this.port),
        DATABASE_URL: this.databasePath,
        // As in production, where the first to come does not wait for what only signing up needs.
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
    void this.#listen(child.stderr)
    void child.exited.then(() => {
      if (this.#isMeantToEnd || child !== this.#child) return
      this.trace.violate("crashed", "server", `It ended by itself: ${child.exitCode ?? child.signalCode}`)
    })
    return child
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

  /** What it complains of is no violation by itself, and often says why there is one. */
  async #listen(stderr: ReadableStream<Uint8Array>): Promise<void> {
    for await (const bytes of stderr) {
      this.complaints++
      this.trace.note("the server says", { text: new TextDecoder().decode(bytes).slice(0, 2000) })
    }
  }
}
