import { createServer } from "node:net"

/** How long a service may take to start, in milliseconds. */
const startTimeoutMs = 30_000
const pollMs = 20

const lowestPort = 15_000
/** Linux's default for `net.ipv4.ip_local_port_range`. */
const firstOutgoingPort = 32_768

/**
 * Runs a program and waits for it. When its own input ends, because the process that started it has ended, even by
 * SIGKILL, it kills the program and deletes its folder. It first prints the program's process id.
 */
const supervisor = `
exec 3<&0
"$@" </dev/null >/dev/null &
program=$!
echo $program
( read -r _ <&3; trap '' TERM; kill -s "$SIGNAL" $program; sleep 1; rm -rf "$FOLDER" ) &
watcher=$!
wait $program
kill $watcher
`

export interface SupervisedProcess {
  pid: number
  isRunning(): boolean
  signal(name: NodeJS.Signals): void
  /** Resolves once the process has ended. */
  ended: Promise<void>
}

interface ProcessOptions {
  /** Runs it as this user; only root can. */
  user?: string | undefined
  /** The signal that ends it when this process has ended. */
  lastSignal: "QUIT" | "KILL"
  /** The folder with its data, which is deleted then. */
  folder: string
  /** Does it answer yet? Asked repeatedly, until it does. */
  isReady: () => Promise<boolean>
}

/** Starts a program that ends with this process, also when this one is killed. Resolves once it is ready. */
export async function startSupervised(
  command: string[],
  options: ProcessOptions,
): Promise<SupervisedProcess> {
  const startedBy = performance.now() + startTimeoutMs
  for (;;) {
    const started = await startOnce(command, options, startedBy)
    if (started.isRunning()) return started

    // A Postgres refuses to start while processes of a killed one before it still end.
    if (performance.now() > startedBy) throw new Error(`${command[0]} ended at once`)
    await Bun.sleep(pollMs)
  }
}

/** Resolves once the program is ready, or has ended. */
async function startOnce(
  command: string[],
  { user, lastSignal, folder, isReady }: ProcessOptions,
  startedBy: number,
): Promise<SupervisedProcess> {
  const asUser = user ? ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"] : []
  const child = Bun.spawn(["/bin/sh", "-c", supervisor, "sh", ...asUser, ...command], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
    // In a session of its own: an interrupt of the terminal does not reach it.
    detached: true,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", SIGNAL: lastSignal, FOLDER: folder },
  })
  child.unref()
  const { value = new Uint8Array() } = await child.stdout.getReader().read()
  const pid = Number(new TextDecoder().decode(value))
  const isRunning = () => child.exitCode === null
  while (isRunning() && !(await isReady())) {
    if (performance.now() > startedBy) throw new Error(`${command[0]} does not become ready`)
    await Bun.sleep(pollMs)
  }
  return {
    pid,
    isRunning,
    signal(name) {
      if (isRunning()) ignoringEnded(() => process.kill(pid, name))
    },
    ended: child.exited.then(() => {}),
  }
}

/** A process may have ended before this one notices. */
function ignoringEnded(signal: () => void): void {
  try {
    signal()
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error
  }
}

/**
 * A TCP port of this machine that is free now. It is below those that outgoing connections get, so that none takes it
 * before it is used, or while what uses it starts again.
 */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = lowestPort + Math.floor(Math.random() * (firstOutgoingPort - lowestPort))
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  server.once("error", () => resolve(false))
  server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)))
  return promise
}

/** Does something accept TCP connections on this port? */
export async function acceptsConnections(port: number): Promise<boolean> {
  try {
    const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } })
    socket.end()
    return true
  } catch {
    return false
  }
}
