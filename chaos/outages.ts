import type { Random } from "./random.ts"
import type { Sender } from "./senders/sender.ts"
import type { ServerProcess } from "./server.ts"

/** One end of the server, and its new start. */
export interface Outage {
  kind: "kill -9" | "kill -9 after a send" | "kill -9 while starting" | "SIGTERM"
  /** After it was ready. */
  waitMs: number
  /** Who sends before the kill, from 0 to 1. */
  sender: number
  /** How long after that, or after the start. */
  delayMs: number
}

/** It serves at least so long, and at most. */
const servingMs = [250, 1900] as const
/** How long a commit and its announcements take, generously. */
const commitMs = 6
const startingMs = 400
/** Nobody sends in that time when all connections are broken: it is killed as it is. */
const maxWaitForSendMs = 500

/** Without end, and for one seed always the same. */
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

/** Ends the server as planned, and says so each time. It is not running afterwards. */
export async function end(
  server: ServerProcess,
  outage: Outage,
  { senders, count }: { senders: Sender[]; count: (kind: Outage["kind"]) => void },
): Promise<void> {
  const { kind, delayMs } = outage
  const isTwice = kind === "kill -9 while starting"
  count(isTwice ? "kill -9" : kind)
  if (kind === "SIGTERM") return server.stop()

  if (kind === "kill -9 after a send") {
    await nextSend(senders[Math.floor(outage.sender * senders.length)])
    await Bun.sleep(delayMs)
  }
  await server.kill()
  if (isTwice) {
    // It has not yet put in order what the first one left behind.
    const started = server.start()
    await Bun.sleep(delayMs)
    count(kind)
    await server.kill()
    await started
  }
}

function nextSend(sender: Sender | undefined): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, maxWaitForSendMs)
    if (sender) sender.onWritten = resolve
  })
}
