import { join } from "node:path"
import { type ClusterNode, isHealthy } from "./node-pool.ts"

const root = join(import.meta.dir, "../../..")
const pollMs = 20
/** A node that takes longer to start is broken. */
const maxStartMs = 30_000
/** How long after its death a node is started again, as by a supervisor. */
const restartDelayMs = 1000

interface NodeOptions extends ClusterNode {
  environment: Record<string, string | undefined>
  /** Called with each line that the node logs, and with what happens to it. */
  onLine: (line: string) => void
}

/** A node in a process of its own, which is started again when it dies. */
export class NodeProcess {
  readonly #options: NodeOptions
  #child: Bun.Subprocess<"ignore", "pipe", "pipe"> | undefined
  #isStopping = false

  constructor(options: NodeOptions) {
    this.#options = options
    process.once("exit", () => this.#child?.kill("SIGKILL"))
  }

  /** Resolves once the node is ready. Rejects when it ends before, or takes too long. */
  async start(): Promise<void> {
    const child = this.#spawn()
    const { name } = this.#options
    const deadline = performance.now() + maxStartMs
    while (!(await isHealthy(this.#options))) {
      if (child.exitCode !== null) throw new Error(`${name} ended while it started`)
      if (performance.now() > deadline) throw new Error(`${name} was not ready after ${maxStartMs} ms`)
      await Bun.sleep(pollMs)
    }
  }

  /** Asks it to end, and waits for that. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#child?.kill("SIGTERM")
    await this.#child?.exited
  }

  #spawn() {
    const { environment, port, onLine } = this.#options
    const child = Bun.spawn([process.execPath, "src/main.ts"], {
      cwd: root,
      env: { ...environment, HOST: "127.0.0.1", PORT: String(port) },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      // In a session of its own: Ctrl-C reaches only the process that started it, which stops it in order.
      detached: true,
    })
    this.#child = child
    onLine(`process ${child.pid}, port ${port}`)
    void readLines(child.stdout, onLine)
    void readLines(child.stderr, onLine)
    void child.exited.then(() => this.#onExit(child))
    return child
  }

  #onExit({ exitCode, signalCode }: Bun.Subprocess): void {
    if (this.#isStopping) return

    this.#options.onLine(`ended with ${exitCode ?? signalCode}, and is started again`)
    setTimeout(() => {
      if (!this.#isStopping) this.#spawn()
    }, restartDelayMs)
  }
}

async function readLines(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) onLine(line)
  }
}
