import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const root = join(import.meta.dir, "../..")

export type ServerProcess = Awaited<ReturnType<typeof startProcess>>

/** A temporary folder for a database. */
export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), "covenant-process-"))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Starts a real server process with the seed's alice and bob; resolves once it is ready. */
export async function startProcess(
  folder: string,
  environment: Record<string, string> = {},
  program = "src/main.ts",
) {
  const server = launch([program], folder, { NODE_ENV: "production", SEED: "true", ...environment })
  const origin = await originOf(server)
  await ready(origin)
  return { ...server, origin }
}

/** Starts one of the project's commands as a process; `said` returns everything it wrote so far. */
export function launch(command: string[], folder: string, environment: Record<string, string> = {}) {
  const child = Bun.spawn([process.execPath, ...command], {
    cwd: root,
    stdout: "pipe",
    stderr: "pipe",
    env: {
      PATH: process.env.PATH,
      HOST: "127.0.0.1",
      PORT: "0",
      DATABASE_URL: join(folder, "chat.db"),
      RATE_LIMIT_MESSAGES: "off",
      RATE_LIMIT_LOGINS: "off",
      LINK_PREVIEWS: "off",
      ...environment,
    },
  })
  let text = ""
  const hear = async (stream: ReadableStream<Uint8Array>) => {
    for await (const chunk of stream) text += Buffer.from(chunk).toString()
  }
  const heard = Promise.all([hear(child.stdout), hear(child.stderr)])
  return {
    child,
    said: () => text,
    /** Resolves with the exit code once the process has ended and its output was read. */
    async ended(): Promise<number> {
      await heard
      return child.exited
    },
    [Symbol.dispose]: () => child.kill("SIGKILL"),
  }
}

async function originOf({ child, said }: ReturnType<typeof launch>): Promise<string> {
  while (child.exitCode === null) {
    const port = said().match(/listens on http:\/\/localhost:(\d+)/)?.[1]
    if (port) return `http://127.0.0.1:${port}`
    await Bun.sleep(10)
  }
  throw new Error(`The server did not start: ${said()}`)
}

async function ready(origin: string): Promise<void> {
  while (!(await fetch(`${origin}/health`)).ok) await Bun.sleep(20)
}
