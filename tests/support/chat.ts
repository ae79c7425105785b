import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { eq } from "drizzle-orm"
import { accounts, sessions, users } from "../../drizzle/schema.ts"
import { type Chat, createChat } from "../../src/chat.ts"
import { covenant } from "../../src/covenant.ts"
import type { Channel } from "../../src/features/channels/contract.ts"
import { pushSender } from "../../src/features/push/sender.ts"
import type { Server } from "../../src/features/servers/contract.ts"
import { updateServer } from "../../src/features/servers/store.ts"
import { CovenantClient, directClientToServer, type ErrorFrame } from "../../src/kernel/index.ts"
import { createLogger } from "../../src/observability/log.ts"
import { PublicFetch } from "../../src/web/public-fetch.ts"
import { openTestDatabase, type Snapshot, snapshot } from "./test-database.ts"
import { createNodes } from "./two-nodes.ts"

export type TestChat = Awaited<ReturnType<typeof createTestChat>>

/** Someone of the cast, signed in. */
export interface Person {
  id: string
  username: string
  token: string
  client: CovenantClient<typeof covenant.procedures, typeof covenant.channels>
  /** Why live connections of theirs were ended. */
  faults: Fault[]
}

type Fault = ErrorFrame["error"]

/** How the chat reaches what is out there. */
export type Outside = Parameters<typeof createChat>[0]["outside"]

/** How much one search does; as much as usual where not given. */
export type SearchPace = Parameters<typeof createChat>[0]["searchPace"]

/** No host name resolves: tests reach nothing outside. */
const nowhere: Outside = { fetcher: new PublicFetch({ resolve: async () => [] }) }

export const silent = createLogger({ logLevel: "silent", production: false })

type LoggedError = Parameters<typeof silent.error>

/** The errors that a spy on `silent` saw, without those of chats that were closed while they still asked Postgres. */
export function errorsSeenBy(spy: { mock: { calls: LoggedError[] } }): LoggedError[] {
  return spy.mock.calls.filter(([, details]) => details?.code !== "ERR_POSTGRES_CONNECTION_CLOSED")
}

/** What every test starts from: alice's server "Lab" with the channel "general", the cast, and the data they are in. */
export interface World {
  data: Snapshot
  people: Record<"alice" | "bob" | "mallory", Pick<Person, "id" | "username" | "token">>
  lab: Server
  general: Channel
  /** A folder with the stored files. */
  files?: string
}

/** Of "password", as a new password is hashed, but for what checking it costs: a tenth of a second each time. */
const quickHash = await Bun.password.hash("password", { algorithm: "argon2id", memoryCost: 8, timeCost: 1 })

/** Copies of the world are used for longer than the ten minutes in which nobody is asked again who they are. */
export const alwaysConfirmed = new Date(Date.now() + 86_400_000)

// Making it takes longer than most tests do, so it is made once and copied.
let made: Promise<World> | undefined

async function createWorld(): Promise<World> {
  const opened = await openTestDatabase(null, {})
  const { database, config } = opened
  const chat = createChat({ config, database, log: silent })

  const [alice, bob, mallory] = await Promise.all([
    signUp(chat, "alice"),
    signUp(chat, "bob"),
    signUp(chat, "mallory"),
  ])
  const lab = expectData(await alice.client.mutate("createServer", { name: "Lab" }))
  const general = expectData(
    await alice.client.mutate("createChannel", { serverId: lab.id, name: "general" }),
  )
  const invite = expectData(await alice.client.mutate("createInvite", { serverId: lab.id, maxUses: 1 }))
  // A quiet server: what it says by itself would be one more message in most tests.
  await chat.commits.decide((tx) => updateServer(tx, lab.id, { systemChannelId: null }))
  await chat.commits.decide((tx) => tx.update(sessions).set({ confirmedAt: alwaysConfirmed }).run())
  await chat.commits.decide((tx) => tx.update(accounts).set({ password: quickHash }).run())
  expectData(await bob.client.mutate("joinServer", { code: invite.code }))
  // Otherwise it is made with the first look at the page of devices.
  await chat.workers.get(pushSender).publicKey()

  chat.close()
  return { data: await snapshot(opened), people: { alice, bob, mallory }, lab, general }
}

/**
 * A chat on a new database, without pages: alice owns the server "Lab" with the channel "general", bob is a
 * member, mallory is neither. All have the password "password". `using` or `close` it.
 */
export async function createTestChat(
  environment: Record<string, string> = {},
  outside = nowhere,
  searchPace?: SearchPace,
) {
  made ??= createWorld()
  return openWorld(await made, environment, { outside, searchPace })
}

/** A chat whose database begins as a copy of the world. */
export async function openWorld(
  { data, people, lab, general, files }: World,
  environment: Record<string, string> = {},
  { outside = nowhere, searchPace }: { outside?: Outside; searchPace?: SearchPace } = {},
) {
  const opened = await openTestDatabase(data, environment)
  const { database, config, path } = opened
  if (files && "folder" in config.storage) cpSync(files, config.storage.folder, { recursive: true })
  const options = { config, database, log: silent, outside, searchPace }
  const { chat, second, closeNodes } = await createNodes(options, environment)
  const cast = {
    alice: personOf(chat, people.alice),
    bob: personOf(second, people.bob),
    mallory: personOf(second, people.mallory),
  }

  function stop(): Promise<void> {
    for (const { client } of Object.values(cast)) client.disconnect()
    return closeNodes()
  }
  function close() {
    void stop().then(opened.close)
  }
  return {
    chat,
    /** Where all but alice are, see `two-nodes.ts`. */
    second,
    database,
    path,
    cast,
    lab,
    general,
    room: { serverId: lab.id, channelId: general.id },
    close,
    [Symbol.dispose]: close,
    /** Closes it and keeps what is stored, for copies by `openWorld`. */
    async keep(): Promise<World> {
      await stop()
      const files = keptFiles(config)
      return { data: await snapshot(opened), people, lab, general, files }
    },
  }
}

/** A copy of the stored files, until the tests are over; `undefined` without any. */
function keptFiles({ storage }: TestChat["chat"]["config"]): string | undefined {
  if (!("folder" in storage && existsSync(storage.folder))) return undefined

  const copy = mkdtempSync(join(tmpdir(), "covenant-files-"))
  process.on("exit", () => rmSync(copy, { recursive: true, force: true }))
  cpSync(storage.folder, copy, { recursive: true })
  return copy
}

/** Signs someone up and gives them a client that speaks as them. */
export async function signUp(chat: Chat, username: string): Promise<Person> {
  const anonymous = clientOf(chat)
  const signedUp = expectData(await anonymous.mutate("signUp", { username, password: "password" }))
  anonymous.disconnect()
  return personOf(chat, { id: signedUp.userId, username, token: signedUp.token })
}

/** Signs in someone new who has no password: a crowd of them costs nothing. */
export async function appear(chat: Chat, username: string): Promise<Person> {
  const [id, token, updatedAt] = [crypto.randomUUID(), crypto.randomUUID(), new Date()]
  // As long as a new session lasts: one that is over sooner is renewed at its first request.
  const expiresAt = new Date(Date.now() + 30 * 24 * 3_600_000)
  await chat.commits.decide((tx) =>
    tx
      .insert(users)
      .values({ id, username, name: username, email: `${username}@users.invalid`, updatedAt })
      .run(),
  )
  await chat.commits.decide((tx) =>
    tx.insert(sessions).values({ id: crypto.randomUUID(), token, userId: id, expiresAt, updatedAt }).run(),
  )
  return personOf(chat, { id, username, token })
}

/** Gives someone who appeared the password of the cast, without the cost of hashing one. */
export function givePassword(
  { commits }: Pick<Chat, "commits">,
  { id }: Person,
  { cast }: Pick<TestChat, "cast">,
) {
  return commits.decide(async (tx) => {
    const known = await tx.select().from(accounts).where(eq(accounts.userId, cast.alice.id)).get()
    if (!known) throw new Error("alice has no password")
    await tx
      .insert(accounts)
      .values({ ...known, id: crypto.randomUUID(), accountId: id, userId: id })
      .run()
  })
}

/** Someone signed in, by their token. */
export function personOf(
  chat: Chat,
  { id, username, token }: Pick<Person, "id" | "username" | "token">,
): Person {
  const faults: Fault[] = []
  const client = clientOf(chat, token, { onFault: (fault) => faults.push(fault) })
  return { id, username, token, client, faults }
}

/** A typed client in the same process, as the holder of the token, as if from that address. */
export function clientOf(
  { server, sidekick }: Chat,
  token?: string,
  { address, onFault }: { address?: string; onFault?: (fault: Fault) => void } = {},
) {
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(address && { "x-client-address": address }),
  }
  return new CovenantClient(covenant, {
    serverConnection: directClientToServer(server, headers),
    sidekickConnection: sidekick.getConnectionFromClient(),
    onFault,
  })
}

/** The data of a result that must be a success: a test stops here with the reason otherwise. */
export function expectData<T>(
  result: { success: true; data: T } | { success: false; error: { message: string } },
): T {
  if (result.success) return result.data

  throw new Error(`Expected success, got: ${result.error.message}`)
}
