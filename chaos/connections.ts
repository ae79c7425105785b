import { startProcess, temporaryFolder } from "../tests/support/process.ts"
import { connectAndLeave } from "./connection-cycle.ts"
import { createWorld } from "./world.ts"

// Opens and drops connections over the wire and prints the server's memory meanwhile:
// bun chaos/connections.ts --count 100000 --at-once 200

/** Memory is sampled after each tenth of the connections. */
const samples = 10
/** Unused tokens expire after a minute. */
const tokenExpiryMs = 62_000
/** Sockets at once of one person. Those that were just left may still be counted. */
const socketsPerPerson = 20

const [count = 100_000, atOnce = 200] = ["--count", "--at-once"].map(numberAfter)
using folder = temporaryFolder()
using server = await startProcess(folder.path, { NODE_ENV: "" })
const { people, rooms } = await createWorld(server.origin, 1, Math.ceil(atOnce / socketsPerPerson))
const targetOf = (number: number) => ({
  ...{ origin: server.origin, room: rooms[0] },
  token: (people[number % people.length] ?? people[0]).token,
})

printRow(["opened", "seconds", "resident MB", "heap MB", "sockets", "subscriptions", "tokens", "topics"])
await sample(0, 0)
const startedAt = performance.now()
let opened = 0
while (opened < count) {
  const next = Math.min(count, opened + Math.ceil(count / samples))
  while (opened < next) {
    const batch = Math.min(atOnce, next - opened)
    await Promise.all(Array.from({ length: batch }, (_, number) => connectAndLeave(targetOf(number), number)))
    opened += batch
  }
  await allClosed()
  await sample(opened, (performance.now() - startedAt) / 1000)
}
await Bun.sleep(tokenExpiryMs)
await sample(opened, (performance.now() - startedAt) / 1000)
process.exit(0)

async function sample(opened: number, seconds: number): Promise<void> {
  const measured = await metrics()
  const megabytes = (name: string) => ((measured.get(name) ?? 0) / 2 ** 20).toFixed(1)
  printRow([
    opened,
    seconds.toFixed(1),
    megabytes("process_resident_memory_bytes"),
    megabytes("process_heap_bytes"),
    measured.get('covenant_connections{transport="wire"}') ?? "?",
    measured.get("covenant_subscriptions") ?? "?",
    measured.get("covenant_tokens") ?? "?",
    measured.get("covenant_topics") ?? "?",
  ])
}

/** Waits until the server has seen every socket close. */
async function allClosed(): Promise<void> {
  while ((await metrics()).get('covenant_connections{transport="wire"}') !== 0) await Bun.sleep(20)
}

async function metrics(): Promise<Map<string, number>> {
  const text = await (await fetch(`${server.origin}/metrics`)).text()
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#"))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]))
}

function printRow(cells: (string | number)[]): void {
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(13)).join("")}\n`)
}

function numberAfter(name: string): number | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : Number(process.argv[at + 1])
}
