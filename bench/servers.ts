import { readFileSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import { Program } from "../tests/support/program.ts"
import { onServerCore } from "./load.ts"

const root = join(import.meta.dir, "..")
const peers = join(import.meta.dir, "peers")

/** A server that runs in a process of its own. */
export interface Running {
  port: number
  pid: number
  /** Processor time it took so far, in seconds. */
  cpuSeconds(): number
  /** Seconds in which it could have run and another program did. */
  waitedSeconds(): number
  /** Resident memory, in bytes. */
  memory(): number
  stop(): void
  /** Ends it as an operator would, and waits until it has gone. */
  end(): Promise<void>
}

/** Installs what the chat is measured beside; nothing to do the second time. */
export async function installPeers(): Promise<void> {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "install", "--frozen-lockfile"], {
    cwd: peers,
  })
  if (exitCode !== 0) throw new Error(`The peers could not be installed: ${stderr}`)
}

/** The programs of `peers/`, by file name; arguments come after the port. */
export async function startPeer(file: string, ...args: (string | number)[]): Promise<Running> {
  const runtime = file.endsWith(".mjs") ? "node" : process.execPath
  const port = await freePort()
  const child = spawn([runtime, file, String(port), ...args.map(String)], peers, {}, "pipe")
  let text = ""
  for await (const chunk of child.stdout as ReadableStream<Uint8Array>) {
    text += Buffer.from(chunk).toString()
    if (text.includes("listening")) return running(child, port)
  }
  throw new Error(`${file} did not start: ${text}`)
}

/**
 * The chat as it runs in production, on a database in that folder, with the seed's people and without limits. `flags`
 * are Bun's.
 */
export async function startChat(
  folder: string,
  environment: Record<string, string> = {},
  flags: string[] = [],
): Promise<Running> {
  const port = await freePort()
  const child = spawn([process.execPath, ...flags, "src/main.ts"], root, {
    NODE_ENV: "production",
    SEED: "true",
    HOST: "127.0.0.1",
    PORT: String(port),
    DATABASE_URL: join(folder, "chat.db"),
    RATE_LIMIT_MESSAGES: "off",
    RATE_LIMIT_LOGINS: "off",
    LOG_LEVEL: "warn",
    ...environment,
  })
  while (child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null)
    if (answer?.ok) return running(child, port)
    await Bun.sleep(2)
  }
  throw new Error("The chat did not start")
}

/** alice's room in the chat, and what the load generator needs to know of it. */
export async function roomOf({ port }: Running) {
  const alice = await Program.signIn(`http://127.0.0.1:${port}`, "alice")
  const { serverId, channelId } = await alice.room()
  const path = `/servers/${serverId}/channels/${channelId}`
  /** The number of the log's last change. */
  const headOn = async ({ port }: Running) => {
    const headers = { accept: "application/json", authorization: `Bearer ${alice.token}` }
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
    return ((await answer.json()) as { seq: number }).seq
  }
  return { alice, path, serverId, channelId, headOn, header: `Authorization: Bearer ${alice.token}` }
}

function spawn(
  command: string[],
  cwd: string,
  environment: Record<string, string>,
  stdout: "pipe" | "ignore" = "ignore",
) {
  const env = { PATH: process.env.PATH, ...environment }
  return Bun.spawn(onServerCore(command), { cwd, stdout, stderr: "inherit", env })
}

function running(child: ReturnType<typeof spawn>, port: number): Running {
  const { pid } = child
  return {
    port,
    pid,
    cpuSeconds: () => cpuSecondsOf(pid),
    // Of its main thread. Source: kernel.org, "Scheduler Statistics".
    waitedSeconds: () => Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[1]) / 1e9,
    memory: () => memoryOf(pid),
    stop: () => child.kill("SIGKILL"),
    async end() {
      child.kill("SIGTERM")
      await child.exited
    },
  }
}

/** Clock ticks of a second, as Linux counts processor time (`getconf CLK_TCK`). */
const ticks = 100

function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
  return (Number(fields[11]) + Number(fields[12])) / ticks
}

function memoryOf(pid: number): number {
  const kilobytes = readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)?.[1]
  return Number(kilobytes) * 1024
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0))
    })
  })
}
