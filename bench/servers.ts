import { readFileSync } from "node:fs"
import { join } from "node:path"
import { findFreePort } from "../src/cli/services/supervised.ts"
import { Program } from "../tests/support/program.ts"
import { untilExit } from "./children.ts"
import { onServerCore } from "./load.ts"
import { addMembers, addPushDevices, memberHeader } from "./members.ts"

const root = join(import.meta.dir, "..")
const peersFolder = join(import.meta.dir, "peers")
const maxSettleSeconds = 60
/** A server that uses less of its core has nothing left to do. */
const maxIdleShare = 0.02

/** A server in a process of its own. */
export interface RunningServer {
  port: number
  pid: number
  /** Processor time used so far. */
  cpuSeconds(): number
  /** Time its main thread was ready to run while another program had the core. */
  waitedSeconds(): number
  /** Resident memory, in bytes. */
  memory(): number
  /**
   * Resolves once it has done what it put off under load, or after a minute: the chat indexes most messages of a saturated
   * part for search after it, on the core on which the next contender is measured.
   */
  settled(): Promise<void>
  /** Kills the process. */
  stop(): void
  /** Stops the process with SIGTERM and waits until it exited. */
  end(): Promise<void>
}

/** Installs the packages of `peers/`. Does nothing when they are installed already. */
export async function installPeers(): Promise<void> {
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "install", "--frozen-lockfile"], {
    cwd: peersFolder,
  })
  if (exitCode !== 0) throw new Error(`The peers could not be installed: ${stderr}`)
}

/** Starts a program of `peers/` by its file name. The port is its first argument; `args` follow. */
export async function startPeer(file: string, ...args: (string | number)[]): Promise<RunningServer> {
  const runtime = file.endsWith(".mjs") ? "node" : process.execPath
  const port = await findFreePort()
  const child = spawn([runtime, file, String(port), ...args.map(String)], {
    cwd: peersFolder,
    stdout: "pipe",
  })
  let text = ""
  for await (const chunk of child.stdout as ReadableStream<Uint8Array>) {
    text += Buffer.from(chunk).toString()
    if (text.includes("listening")) return running(child, port)
  }
  throw new Error(`${file} did not start: ${text}`)
}

/**
 * Starts the chat as in production, on a database in that folder, with the seed's people and without rate limits.
 * `flags` are passed to Bun; `program` may be what `bun run build` made.
 */
export async function startChat(
  folder: string,
  environment: Record<string, string> = {},
  { flags = [], program = "src/main.ts" }: { flags?: string[]; program?: string } = {},
): Promise<RunningServer> {
  const port = await findFreePort()
  const child = spawn([process.execPath, ...flags, program], {
    cwd: root,
    environment: {
      NODE_ENV: "production",
      SEED: "true",
      HOST: "127.0.0.1",
      PORT: String(port),
      DATABASE_URL: join(folder, "chat.db"),
      RATE_LIMIT_MESSAGES: "off",
      RATE_LIMIT_LOGINS: "off",
      LOG_LEVEL: "warn",
      ...environment,
    },
  })
  while (child.exitCode === null) {
    const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null)
    if (response?.ok) return running(child, port)
    await Bun.sleep(2)
  }
  throw new Error("The chat did not start")
}

/** Signs alice in and returns her room with what the load generator needs to join it. */
export async function roomOf({ port }: RunningServer) {
  const alice = await Program.signIn(`http://127.0.0.1:${port}`, "alice")
  const { serverId, channelId } = await alice.room()
  const path = `/servers/${serverId}/channels/${channelId}`
  /** The `seq` of the log's last change. */
  const headOn = async ({ port }: RunningServer) => {
    const headers = { accept: "application/json", authorization: `Bearer ${alice.token}` }
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
    return ((await response.json()) as { seq: number }).seq
  }
  return { alice, path, serverId, channelId, headOn, header: `Authorization: Bearer ${alice.token}` }
}

/**
 * Starts the chat with alice's room in which that many other people are, because one person may not hold so many
 * connections; some of them may have a device that accepts push. `header` signs each connection in as another of them.
 */
export async function startPeopledChat(folder: string, people: number, withPush = 0) {
  const first = await startChat(folder)
  const { serverId } = await roomOf(first)
  await first.end()
  addMembers(folder, serverId, people)
  if (withPush > 0) addPushDevices(folder, withPush)
  const server = await startChat(folder)
  return { server, ...(await roomOf(server)), header: memberHeader }
}

interface SpawnOptions {
  cwd: string
  environment?: Record<string, string>
  stdout?: "pipe" | "ignore"
}

export function spawn(command: string[], { cwd, environment, stdout = "ignore" }: SpawnOptions) {
  const env = { PATH: process.env.PATH, ...environment }
  return untilExit(Bun.spawn(onServerCore(command), { cwd, stdout, stderr: "inherit", env }))
}

export function running(child: ReturnType<typeof spawn>, port: number): RunningServer {
  const { pid } = child
  return {
    port,
    pid,
    cpuSeconds: () => cpuSecondsOf(pid),
    // Source: kernel.org, "Scheduler Statistics".
    waitedSeconds: () => Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[1]) / 1e9,
    memory: () => memoryOf(pid),
    async settled() {
      for (let second = 0; second < maxSettleSeconds; second++) {
        const before = cpuSecondsOf(pid)
        await Bun.sleep(1000)
        if (cpuSecondsOf(pid) - before <= maxIdleShare) return
      }
    },
    stop: () => child.kill("SIGKILL"),
    async end() {
      child.kill("SIGTERM")
      await child.exited
    },
  }
}

/** Linux counts processor time in hundredths of a second (`getconf CLK_TCK`). */
const ticksPerSecond = 100

/** Processor time that a process has used, if wanted with that of its children that have ended. */
export function cpuSecondsOf(pid: number, withEndedChildren = false): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
  const own = Number(fields[11]) + Number(fields[12])
  const ended = withEndedChildren ? Number(fields[13]) + Number(fields[14]) : 0
  return (own + ended) / ticksPerSecond
}

function memoryOf(pid: number): number {
  const kilobytes = readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)?.[1]
  return Number(kilobytes) * 1024
}
