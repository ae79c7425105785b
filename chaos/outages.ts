import type { Random } from "./random.ts"
import type { Sender } from "./senders/sender.ts"
import type { ServerProcess } from "./server-process.ts"

/** One end of the server process. */
export interface Outage {
  kind: "kill -9" | "kill -9 after a send" | "kill -9 while starting" | "SIGTERM"
  /** How long the server serves first. */
  waitMs: number
  /** Selects the sender whose send precedes the kill, from 0 to 1. */
  sender: number
  /** Time from that send, or from the start, to the kill. */
  delayMs: number
}

/** Least and most time between two outages. */
const servingMs = [250, 1900] as const
/** A generous upper bound for a commit with its announcements. */
const commitMs = 6
const startingMs = 400
/** Nobody can send while all connections are broken: then the kill comes without a send. */
const maxWaitForSendMs = 500

/** An endless sequence of outages, reproducible from the seed. */
export function* planOutages(random: Random): Generator<Outage, never> {
  while (true) {
    const kind = random.pick<Outage["kind"]>([
      "kill -9",
      "kill -9",
      "kill -9 after a send",
      "kill -9 after a send",
      "kill -9 after a send",
      "kill -9 while starting",
      "SIGTERM",
    ])
    const delayMs = random.between(0, kind === "kill -9 while starting" ? startingMs : commitMs)
    yield { kind, waitMs: random.between(...servingMs), sender: random.next(), delayMs }
  }
}

/** Ends the server as planned and counts each end. The server is not running afterwards. */
export async function executeOutage(
  server: ServerProcess,
  outage: Outage,
  { senders, count }: { senders: Sender[]; count: (kind: Outage["kind"]) => void },
): Promise<void> {
  const { kind, delayMs } = outage
  const killsTwice = kind === "kill -9 while starting"
  count(killsTwice ? "kill -9" : kind)
  if (kind === "SIGTERM") return server.stop()

  if (kind === "kill -9 after a send") {
    await nextSend(senders[Math.floor(outage.sender * senders.length)])
    await Bun.sleep(delayMs)
  }
  await server.kill()
  if (killsTwice) {
    // The second kill interrupts the recovery from the first.
    const started = server.start()
    await Bun.sleep(delayMs)
    count(kind)
    await server.kill()
    await started
  }
}

/** Resolves when a sender has written its next message, or cannot for some time. */
export function nextSend(sender: Sender | undefined): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, maxWaitForSendMs)
    if (sender) sender.onSent = resolve
  })
}
