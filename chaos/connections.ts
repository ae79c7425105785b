import { startProcess, temporaryFolder } from "../tests/support/process.ts"
import { Program } from "../tests/support/program.ts"
import { type Coming, comeAndGo } from "./comings.ts"

// Makes connections over the wire and drops them, and shows what the server's memory does meanwhile:
// bun chaos/connections.ts --count 100000 --at-once 200

/** A sample is taken after each tenth of them. */
const samples = 10

const [count = 100_000, atOnce = 200] = ["--count", "--at-once"].map(numberAfter)
using folder = temporaryFolder()
using server = await startProcess(folder.path)
const alice = await Program.signIn(server.origin, "alice")
const coming: Coming = { origin: server.origin, token: alice.token, room: await alice.room() }

write(["made", "seconds", "resident MB", "heap MB", "sockets", "subscriptions", "tokens", "topics"])
await sample(0, 0)
const startedAt = performance.now()
let made = 0
while (made < count) {
  const next = Math.min(count, made + Math.ceil(count / samples))
  while (made < next) {
    const batch = Math.min(atOnce, next - made)
    await Promise.all(Array.from({ length: batch }, (_, number) => comeAndGo(coming, number)))
    made += batch
  }
  await gone()
  await sample(made, (performance.now() - startedAt) / 1000)
}
// Tokens that nobody used are good for a minute.
await Bun.sleep(62_000)
await sample(made, (performance.now() - startedAt) / 1000)
process.exit(0)

async function sample(made: number, seconds: number): Promise<void> {
  const measured = await metrics()
  const megabytes = (name: string) => ((measured.get(name) ?? 0) / 2 ** 20).toFixed(1)
  write([
    made,
    seconds.toFixed(1),
    megabytes("process_resident_memory_bytes"),
    megabytes("process_heap_bytes"),
    measured.get('covenant_connections{transport="wire"}') ?? "?",
    measured.get("covenant_subscriptions") ?? "?",
    measured.get("covenant_tokens") ?? "?",
    measured.get("covenant_topics") ?? "?",
  ])
}

/** Waits until the server has noticed that everyone left. */
async function gone(): Promise<void> {
  while ((await metrics()).get('covenant_connections{transport="wire"}') !== 0) await Bun.sleep(20)
}

async function metrics(): Promise<Map<string, number>> {
  const text = await (await fetch(`${server.origin}/metrics`)).text()
  const lines = text.split("\n").filter((line) => line && !line.startsWith("#"))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]))
}

function write(cells: (string | number)[]): void {
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(13)).join("")}\n`)
}

function numberAfter(name: string): number | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : Number(process.argv[at + 1])
}
