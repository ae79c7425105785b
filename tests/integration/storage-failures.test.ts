import type { Database } from "bun:sqlite"
import { expect, setDefaultTimeout } from "bun:test"
import { join } from "node:path"
import { until } from "../support/listen.ts"
import { createTestServer, type TestServer } from "../support/server.ts"
import { sqliteOf, testOnSqlite } from "../support/test-database.ts"

// Hashes passwords and waits for locks, which takes time.
setDefaultTimeout(30_000)

const draft = "written with care, and long enough that nobody wants to write it again. ".repeat(20)
const sorry = "The chat cannot store anything right now"

const causes: [name: string, cause: (server: TestServer) => Promise<() => unknown>][] = [
  ["a full disk", fillDisk],
  ["a database that another program has locked", lock],
]

for (const [name, cause] of causes) {
  testOnSqlite(`${name}: the draft is kept, and can be sent once the failure is over`, async () => {
    using server = await createTestServer()
    const alice = server.as("alice")
    const live = await openSocket(server)
    const messages = `${server.roomPath}/messages`
    const end = await cause(server)

    const page = await alice.post(messages, { content: draft })
    const data = await alice.post(messages, { content: draft }, { headers: { accept: "application/json" } })
    const form = await alice.post("/servers", { name: `Club ${"of friends ".repeat(5)}` })
    const id = crypto.randomUUID()
    live.send({ content: draft, id })
    await until("the socket is answered", () => live.heard.length > 0)

    expect([page.status, data.status, form.status]).toEqual([503, 503, 503])
    expect(page.headers.get("retry-after")).toBe("2")
    const html = await page.text()
    expect(html).toContain(draft.trim().slice(0, 100))
    expect(html).toContain(sorry)
    expect(await data.json()).toMatchObject({ type: "refused", code: 503, retryAfterSeconds: 2 })
    expect(await form.text()).toContain("Club of friends")
    expect(live.heard).toEqual([expect.objectContaining({ type: "refused", id, code: 503 })])
    // Reading still works, and the load balancer sees that the server is unready.
    expect((await alice.get(server.roomPath)).status).toBe(200)
    const health = await fetch(`${server.origin}/health`)
    expect(health.status).toBe(503)
    expect(await health.json()).toEqual({
      status: "unavailable",
      reason: expect.stringMatching(/^The database cannot be used: /),
    })
    expect(await draftsIn(server)).toEqual([])

    await end()
    live.send({ content: draft, id })
    await until("the same message is stored", () => live.heard.length === 2)

    expect(live.heard[1]).toEqual({ type: "stored", id })
    expect((await alice.post("/servers", { name: "Club" })).status).toBe(303)
    await until("the server is ready again", async () => (await fetch(`${server.origin}/health`)).ok)
    expect(await draftsIn(server)).toHaveLength(1)
    live.close()
  })

  testOnSqlite(`${name}: signing in or up fails with the real reason`, async () => {
    using server = await createTestServer()
    const stranger = server.visitor(null)
    const bob = { username: "bob", password: "password" }
    const carol = { username: "carol", password: "a new password" }
    const end = await cause(server)

    const [signIn, signUp] = [await stranger.post("/login", bob), await stranger.post("/signup", carol)]

    expect([signIn.status, signUp.status]).toEqual([503, 503])
    expect(await signIn.text()).toContain('value="bob"')
    expect(await signUp.text()).toContain('value="carol"')
    await end()
    expect((await stranger.post("/signup", carol)).status).toBe(303)
    expect((await stranger.post("/login", bob)).status).toBe(303)
  })
}

testOnSqlite("waiting for a lock blocks readers only briefly", async () => {
  using server = await createTestServer()
  const end = await lock(server)

  const sending = server.as("alice").post(`${server.roomPath}/messages`, { content: "one" })
  const pages = await Promise.all(Array.from({ length: 5 }, () => server.as("bob").get(server.roomPath)))

  expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  // The write gave up while the lock was still held: the process waits for a lock as long as this, and not longer.
  expect((await sending).status).toBe(503)
  expect(sqliteOf(server.database).query("PRAGMA busy_timeout").get()).toEqual({ timeout: 250 })
  await end()
})

/** Fills the database: no new page is allowed, and the last page of each table is full. */
async function fillDisk({ database }: TestServer): Promise<() => void> {
  const sqlite = sqliteOf(database)
  const set = (pragma: string, value: number) => sqlite.run(`PRAGMA ${pragma} = ${value}`)
  const count = sqlite.query<{ page_count: number }, []>("PRAGMA page_count").get()
  set("max_page_count", count?.page_count ?? 0)
  set("foreign_keys", 0)
  set("ignore_check_constraints", 1)
  for (const table of ["messages", "servers", "users", "accounts", "sessions"]) stuff(sqlite, table)
  set("ignore_check_constraints", 0)
  set("foreign_keys", 1)

  return () => set("max_page_count", 1_000_000)
}

/** Inserts minimal rows into a table until none fits. */
function stuff(sqlite: Database, table: string): void {
  const columns = sqlite
    .query<{ name: string; type: string; notnull: number; pk: number }, []>(`PRAGMA table_info(${table})`)
    .all()
    .filter(({ notnull, pk }) => notnull || pk)
  const values = columns.map(({ type }) =>
    /text/i.test(type) ? "lower(hex(randomblob(4)))" : "abs(random()) % 1000000",
  )
  const insert = `insert into ${table} (${columns.map(({ name }) => name)}) values (${values})`
  expect(() => {
    for (;;) sqlite.run(insert)
  }).toThrow("database or disk is full")
}

/** Holds a lock, as a badly written program might. */
async function lock({ path }: TestServer): Promise<() => Promise<unknown>> {
  const program = join(import.meta.dir, "../support/hold-lock.ts")
  const child = Bun.spawn([process.execPath, program, path], { stdin: "pipe", stdout: "pipe" })
  const { value } = await child.stdout.getReader().read()
  expect(Buffer.from(value ?? []).toString()).toBe("held\n")
  return async () => {
    child.stdin.end()
    await child.exited
  }
}

/** Bob's socket in the room; `heard` collects the answers to his messages. */
async function openSocket(server: TestServer) {
  const address = `${server.origin.replace("http", "ws")}${server.roomPath}/live`
  const headers = { authorization: `Bearer ${server.cast.bob.token}` }
  const socket = new WebSocket(address, { headers } as never)
  const heard: unknown[] = []
  let isLive = false
  socket.onmessage = ({ data }) => {
    if (data === '{"type":"live"}') isLive = true
    else if (/^{"type":"(stored|refused)"/.test(String(data))) heard.push(JSON.parse(String(data)))
  }
  await until("bob is live", () => isLive)
  return {
    heard,
    send: (message: object) => socket.send(JSON.stringify(message)),
    close: () => socket.close(),
  }
}

async function draftsIn(server: TestServer): Promise<unknown[]> {
  const { messages = [] } = await server.dump()
  return messages.filter(({ content }) => String(content).trim() === draft.trim())
}
