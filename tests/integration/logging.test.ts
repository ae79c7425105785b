import { Database as Sqlite } from "bun:sqlite"
import { expect, setDefaultTimeout, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { until } from "../support/listen.ts"
import { type ServerProcess, startProcess, temporaryFolder } from "../support/process.ts"
import { Program } from "../support/program.ts"

// Starts real servers and hashes passwords, which takes time.
setDefaultTimeout(60_000)

const uuid = /^[\da-f]{8}-[\da-f-]{27}$/

test.each(["production", "development"])(
  "in %s nothing secret gets into the log, whatever goes wrong",
  async (mode) => {
    using folder = temporaryFolder()
    using server = await startProcess(folder.path, { LOG_LEVEL: "debug", NODE_ENV: mode, SEED: "true" })
    const password = "correct horse battery staple"
    const carol = browser(server)
    const alice = await Program.signIn(server.origin, "alice")
    const { serverId, channelId } = await alice.room()
    const room = `/servers/${serverId}/channels/${channelId}`

    await carol.post("/signup", { username: "carol", password })
    await carol.post("/logout", {})
    await carol.post("/login", { username: "carol", password: "a wrong password" })
    await carol.post("/login", { username: "carol", password })
    const { code } = await alice.call<{ code: string }>("createInvite", { serverId })
    await carol.get(`/invites/${code}?secret=in-the-query`)
    await carol.post(`/invites/${code}`, {})
    await carol.get(`/invites/${code}x/nothing-here`)
    await carol.post(`${room}/messages`, { content: "said in confidence" })
    await carol.get(`${room}?after=0&token=in-the-query`)
    await carol.get("/nothing?next=in-the-query")
    await carol.post("/servers", { name: "x".repeat(100_000) })
    const live = new WebSocket(`${server.origin.replace("http", "ws")}${room}/live?after=0&t=in-the-query`, {
      headers: { authorization: `Bearer ${alice.token}` },
    } as never)
    await until("the socket is live", () => live.readyState === WebSocket.OPEN)
    const answers: string[] = []
    live.onmessage = ({ data }) => void answers.push(String(data))
    live.send(JSON.stringify({ content: "said over the socket", id: "no-id" }))
    // The handshake must be complete before the tables break, or authorization would fail instead.
    await until("the socket is answered", () => answers.some((answer) => answer.includes("refused")))
    // From here every read and write fails, including those that handle secrets.
    breakTables(folder.path)
    await carol.post(`${room}/messages`, { content: "said in confidence" })
    await carol.get(`/invites/${code}`)
    await carol.post("/login", { username: "carol", password })
    await browser(server).post("/signup", { username: "dave", password })
    live.send(JSON.stringify({ content: "said over the socket", id: crypto.randomUUID() }))
    await until("the error is logged", () => server.said().includes("channel chat onMessage"))
    live.close()

    const said = server.said()
    expect(said).toContain("no such table") // or no error was logged at all
    expect(said).toContain("/invites/:code")
    const secrets = {
      password,
      wrong: "a wrong password",
      code,
      token: alice.token,
      cookies: carol.secrets(),
      authSecret: readFileSync(join(folder.path, "auth-secret"), "utf8"),
      content: "said in confidence",
      frame: "said over the socket",
      query: "in-the-query",
      hash: "argon2",
    }
    for (const [name, secret] of Object.entries(secrets)) {
      for (const text of [secret].flat()) expect([name, said.includes(text)]).toEqual([name, false])
    }
    expect(carol.secrets().length).toBeGreaterThan(1)
  },
)

test("a request has one log line in production, with the id of its response", async () => {
  using folder = temporaryFolder()
  using server = await startProcess(folder.path)
  const alice = await Program.signIn(server.origin, "alice")
  const headers = { authorization: `Bearer ${alice.token}` }

  const page = await fetch(`${server.origin}/?a=b`, { headers })
  const asset = (await page.text()).match(/\/static\/[^"]+/)?.[0]
  await fetch(server.origin + asset)
  await fetch(`${server.origin}/health`)
  await fetch(`${server.origin}/metrics`)
  const known = await fetch(`${server.origin}/nothing`, { headers: { "x-request-id": "from-my-proxy-1" } })
  const odd = await fetch(`${server.origin}/nothing`, { headers: { "x-request-id": 'quote"\tand more' } })

  const [id, knownId, oddId] = [page, known, odd].map((answer) => answer.headers.get("x-request-id") ?? "")
  expect(id).toMatch(uuid)
  expect(knownId).toBe("from-my-proxy-1")
  expect(oddId).toMatch(uuid)
  const requests = () => entries(server).filter(({ message }) => message === "Request")
  await until("the last request is logged", () => requests().some(({ requestId }) => requestId === oddId))
  const lines = requests()
  const { userId } = await alice.call<{ userId: string }>("login", {
    username: "alice",
    password: "password",
  })
  expect(lines.find(({ requestId }) => requestId === id)).toEqual({
    time: expect.any(String),
    level: "info",
    message: "Request",
    requestId: id,
    method: "GET",
    path: "/",
    status: 200,
    ms: expect.any(Number),
    viewerId: userId,
  })
  expect(lines.filter(({ path }) => path === "/nothing").map(({ requestId }) => requestId)).toEqual([
    knownId,
    oddId,
  ])
  expect(lines.map(({ path }) => path).filter((path) => /static|health|metrics/.test(String(path)))).toEqual(
    [],
  )
})

test("development logs no requests, and an error page names the log line that explains it", async () => {
  using folder = temporaryFolder()
  using server = await startProcess(folder.path, { NODE_ENV: "development" })
  const carol = browser(server)
  await carol.post("/login", { username: "alice", password: "password" })
  expect(server.said()).not.toContain("Request")
  breakTables(folder.path)

  const [page, form] = [await carol.get("/"), await carol.post("/servers", { name: "Club" })]

  expect([page.status, form.status]).toEqual([500, 500])
  for (const answer of [page, form]) {
    const reference = (await answer.text()).match(/reference ([\w-]{36})/)?.[1] ?? ""
    expect(reference).toBe(answer.headers.get("x-request-id") ?? "")
    await until("the error is logged", () => server.said().includes(reference))
  }
})

/** Simulates a bug: the statements do not fit the database any more. */
function breakTables(folder: string): void {
  const sqlite = new Sqlite(join(folder, "chat.db"))
  sqlite.run("PRAGMA busy_timeout = 5000")
  sqlite.run("PRAGMA foreign_keys = OFF")
  for (const table of ["messages", "invites", "servers", "accounts"]) {
    sqlite.run(`drop table ${table}`)
  }
  sqlite.close()
}

/** A client with cookies. */
function browser({ origin }: ServerProcess) {
  const jar = new Map<string, string>()
  const given: string[] = []
  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ")
    const headers = { origin, cookie }
    const answer = await fetch(origin + path, { redirect: "manual", headers, ...init })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = set.match(/^([^=]+)=([^;]*)/) ?? []
      jar.set(name, value)
      if (value.length > 20) given.push(value, decodeURIComponent(value).split(".")[0] ?? "")
    }
    return answer
  }
  return {
    get: (path: string) => ask(path),
    post: (path: string, fields: Record<string, string>) =>
      ask(path, { method: "POST", body: new URLSearchParams(fields) }),
    /** All credentials the server ever set. */
    secrets: () => given,
  }
}

function entries(server: ServerProcess): Record<string, unknown>[] {
  return server
    .said()
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line))
}
