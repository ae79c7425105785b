import { join } from "node:path"
import { sessions } from "../../drizzle/schema.ts"
import { createApp } from "../../src/app.ts"
import { openAssets } from "../../src/web/assets.ts"
import { readEverything } from "../support/test-database.ts"
import {
  alwaysConfirmed,
  createTestChat,
  type Outside,
  openWorld,
  type Person,
  type SearchPace,
  type TestChat,
  type World,
} from "./chat.ts"

/** The files of `static/`, which no test changes. */
export const assets = await openAssets(join(import.meta.dir, "../../static"))

export type TestServer = Awaited<ReturnType<typeof createTestServer>>
export type Name = "alice" | "bob" | "mallory"
export type Fields = Record<string, string> | [name: string, value: string][]

/** Someone with a browser: it keeps their cookie, says where its forms come from and follows no redirect. */
export class Visitor {
  #signedIn: Promise<string> | undefined

  constructor(
    readonly server: { origin: string; publicOrigin: string },
    /** Who it is; `null` for a stranger who never signed in. */
    readonly person: Person | null,
    cookie?: string,
  ) {
    if (cookie) this.#signedIn = Promise.resolve(cookie)
  }

  /** The session's cookie as the browser sends it back, from really signing in; empty for a stranger. */
  cookie(): Promise<string> {
    this.#signedIn ??= this.#signIn()
    return this.#signedIn
  }

  async get(path: string, init: RequestInit = {}): Promise<Response> {
    return this.fetch(path, init)
  }

  async post(path: string, fields: Fields, init: RequestInit = {}): Promise<Response> {
    return this.fetch(path, { method: "POST", body: new URLSearchParams(fields), ...init })
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    const cookie = await this.cookie()
    if (cookie && !headers.has("cookie")) headers.set("cookie", cookie)
    const isSafe = init.method === undefined || init.method === "GET"
    if (!isSafe && !headers.has("origin")) headers.set("origin", this.server.publicOrigin)
    return fetch(this.server.origin + path, { redirect: "manual", ...init, headers })
  }

  async #signIn(): Promise<string> {
    if (!this.person) return ""

    const answer = await fetch(`${this.server.origin}/login`, {
      method: "POST",
      redirect: "manual",
      headers: { origin: this.server.publicOrigin },
      body: new URLSearchParams({ username: this.person.username, password: "password" }),
    })
    if (answer.status !== 303) throw new Error(`${this.person.username} could not sign in: ${answer.status}`)

    // Not how far the node was: at the nodes of another test that is nowhere, so each request would wait in vain.
    return answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .filter((cookie) => !cookie?.startsWith("covenant.seen="))
      .join("; ")
  }
}

// Each of the cast signs in once, and their sessions are copied.
let signedIn: ReturnType<typeof signInCast> | undefined

async function signInCast() {
  using server = await startServer(await createTestChat())
  const { alice, bob, mallory } = server.cast
  const known = new Set((await server.chat.db.select().from(sessions).all()).map(({ id }) => id))
  const [ofAlice, ofBob, ofMallory] = await Promise.all(
    [alice, bob, mallory].map((person) => server.visitor(person).cookie()),
  )
  const rows = await server.chat.db.select().from(sessions).all()
  return {
    cookies: { alice: ofAlice, bob: ofBob, mallory: ofMallory },
    rows: rows.filter(({ id }) => !known.has(id)).map((row) => ({ ...row, confirmedAt: alwaysConfirmed })),
  }
}

/**
 * A listening chat: the world of `createTestChat` behind its real pages and live transports. `using` or `close`
 * it. With a `PUBLIC_URL`, visitors believe that they are there.
 */
export async function createTestServer(
  environment: Record<string, string> = {},
  outside?: Outside,
  searchPace?: SearchPace,
) {
  // Before the server itself: pages have the look of the last one that was created.
  signedIn ??= signInCast()
  const { cookies, rows } = await signedIn
  const server = await startServer(await createTestChat(environment, outside, searchPace))
  // Cookies of another address have another name.
  if (environment.PUBLIC_URL) return server

  await server.chat.commits.decide((tx) => tx.insert(sessions).values(rows).run())
  return withVisitors(server, cookies)
}

/** A listening chat whose database begins as a copy of what a test server `keep`s. */
export async function openTestServer(world: World, environment: Record<string, string> = {}) {
  signedIn ??= signInCast()
  const { cookies } = await signedIn
  return withVisitors(await startServer(await openWorld(world, environment)), cookies)
}

function withVisitors<Server extends Awaited<ReturnType<typeof startServer>>>(
  server: Server,
  cookies: Record<Name, string | undefined>,
): Server {
  for (const name of ["alice", "bob", "mallory"] as const) {
    server.visitors.set(name, new Visitor(server.as(name).server, server.cast[name], cookies[name]))
  }
  return server
}

/** Elysia has the process hold every app that ever listened, to stop it at the end: gigabytes in a run of all tests. */
function listening(app: ReturnType<typeof createApp>) {
  const before = new Set(process.listeners("beforeExit"))
  app.listen({ port: 0, hostname: "127.0.0.1" })
  for (const listener of process.listeners("beforeExit")) {
    if (!before.has(listener)) process.off("beforeExit", listener as () => void)
  }
  return app
}

async function startServer(test: TestChat) {
  await test.chat.look.load()
  const app = listening(createApp(test.chat, assets))
  const origin = `http://127.0.0.1:${app.server?.port}`
  const at = { origin, publicOrigin: test.chat.config.publicOrigin ?? origin }
  const other = test.second === test.chat ? undefined : listening(createApp(test.second, assets))
  const otherOrigin = other ? `http://127.0.0.1:${other.server?.port}` : origin
  const atOther = { origin: otherOrigin, publicOrigin: test.chat.config.publicOrigin ?? otherOrigin }
  const placeOf = (person: Person | null) => (person && person.id !== test.cast.alice.id ? atOther : at)
  const visitors = new Map<Name, Visitor>()

  function stop() {
    app.server?.stop(true)
    other?.server?.stop(true)
  }
  function close() {
    stop()
    test.close()
  }
  return {
    ...test,
    ...at,
    app,
    visitors,
    /** The address of the room that the cast meets in. */
    roomPath: `/servers/${test.lab.id}/channels/${test.general.id}`,
    /** The browser of one of the cast: the same one each time. */
    as(name: Name): Visitor {
      const visitor = visitors.get(name) ?? new Visitor(placeOf(test.cast[name]), test.cast[name])
      visitors.set(name, visitor)
      return visitor
    },
    /** The address of the node where someone is. */
    originOf: (person: Person | null) => placeOf(person).origin,
    /** A browser of someone who is signed in by the token that they came with. */
    signedIn: (person: Person) => {
      // better-auth's: `token.HMAC-SHA-256`.
      const signer = new Bun.CryptoHasher("sha256", test.chat.config.authSecret)
      const value = encodeURIComponent(`${person.token}.${signer.update(person.token).digest("base64")}`)
      return new Visitor(placeOf(person), person, `covenant.session_token=${value}`)
    },
    /** A browser of someone who signs in once more, or of a stranger. */
    visitor: (person: Person | null) => new Visitor(placeOf(person), person),
    /** Every row of every table: what a request that changes nothing must leave as it was. */
    dump: () => readEverything(test.database).then(withoutDeliveries),
    close,
    [Symbol.dispose]: close,
    /** Closes it and keeps what is stored, for copies by `openTestServer`. */
    keep(): Promise<World> {
      stop()
      return test.keep()
    },
  }
}

type Everything = Awaited<ReturnType<typeof readEverything>>

/** Outgoing webhooks are delivered in the background, independently of requests. */
function withoutDeliveries(everything: Everything): Everything {
  const hooks = (everything.outgoing_webhooks ?? []).map(
    ({ delivered_seq: _seq, failures: _failures, last_status: _status, next_try_at: _at, ...hook }) => hook,
  )
  return { ...everything, outgoing_webhooks: hooks }
}
