import { Database } from "bun:sqlite"
import { expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { until } from "../support/listen.ts"
import { type ServerProcess, startProcess, temporaryFolder } from "../support/process.ts"
import { Program } from "../support/program.ts"
import { startPushService } from "../support/push.ts"

setDefaultTimeout(60_000)
const patience = 20_000

const [devices, messages] = [10, 30]
const total = devices * messages
/** Requests at the same time. */
const maxUnderWay = 16
const environment = { PUSH_PRIVATE_HOSTS: "127.0.0.1" }

test("a server that is killed while it sends loses at most what was under way, and sends nothing twice", async () => {
  using folder = temporaryFolder()
  const arrived: string[] = []
  let doomed: ServerProcess | undefined
  using service = startPushService(({ device, content }) => {
    arrived.push(`${device} ${content.notification.data.messageId}`)
    if (arrived.length === total / 3) doomed?.child.kill("SIGKILL")
    return new Response(null, { status: 201 })
  })
  using first = await startProcess(folder.path, environment)
  doomed = first
  const bob = await Program.signIn(first.origin, "bob")
  for (let at = 0; at < devices; at++) {
    const name = `device-${at}`
    await bob.call("addPushDevice", { ...service.subscribe(name), name })
  }
  const alice = await Program.signIn(first.origin, "alice")
  for (let at = 0; at < messages; at++) await alice.send(`@bob ${at}`)
  using database = new Database(join(folder.path, "chat.db"))
  database.run("pragma busy_timeout = 5000")
  const count = (where: string) =>
    (database.query(`select count(*) as n from push_deliveries where ${where}`).get() as { n: number }).n
  await until("all are queued", () => count("due_at is not null") === total, patience)

  // Without the ten seconds in which they could be read.
  database.run("update push_deliveries set due_at = 1")
  await first.ended()
  expect(count("due_at is not null")).toBeGreaterThan(0) // or it was not killed in the middle
  using second = await startProcess(folder.path, environment)
  await until("all are sent", () => count("due_at is not null") === 0, patience)
  await until("they have arrived", () => arrived.length >= total - maxUnderWay, patience)
  second.child.kill("SIGTERM")
  await second.ended()

  expect(arrived.toSorted()).toEqual([...new Set(arrived)].toSorted())
  expect(service.faults).toEqual([])
})
