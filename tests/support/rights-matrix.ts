import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import { type Chat, createChat } from "../../src/chat.ts"
import { covenant } from "../../src/covenant.ts"
import { insertBan } from "../../src/features/bans/store.ts"
import { type Permission, permissionsOf } from "../../src/features/permissions/bits.ts"
import { someMail } from "./administrators.ts"
import { appear, createTestChat, expectData, type Person, silent, type TestChat } from "./chat.ts"
import { rules } from "./procedure-rules/all.ts"
import type { Need } from "./procedure-rules/rule.ts"
import { changeRows, isOnPostgres, openTestDatabase, readEverything, sqliteOf } from "./test-database.ts"

/** People by what they may in a server; from `below` on they have power, and the more the later they stand. */
export const columns = [
  ...(["stranger", "banned", "timedOut", "muted", "member", "bot", "below", "above"] as const),
  ...(["administrator", "owner"] as const),
]
export type Column = (typeof columns)[number]

type Name = keyof typeof covenant.procedures

interface MatrixOptions<Place> {
  /** What the inputs are about: alice's server, in which bob is a member whose highest role is between `below` and `above`. */
  furnish(app: TestChat): Promise<Place>
  inputs(name: Name, place: Place): unknown
}

/** The columns that meet a requirement. */
const letsIn: Record<Need, readonly Column[]> = {
  all: columns,
  member: columns.filter((column) => column !== "stranger" && column !== "banned"),
  active: columns.slice(3),
  sending: columns.slice(4),
  moderating: ["below", "above", "administrator", "owner"],
  ranking: ["above", "administrator", "owner"],
  managing: ["administrator", "owner"],
  owning: ["owner"],
  nobody: [],
}

const names = Object.keys(covenant.procedures) as Name[]
const isBotsToo = (name: Name) =>
  (covenant.procedures[name].meta as { bots?: true } | undefined)?.bots === true

/** Who may call what, by roles: also for people with the same permissions in another server. */
export function describeRightsMatrix<Place>({ furnish, inputs }: MatrixOptions<Place>): void {
  let world: MatrixWorld<Place>
  beforeAll(async () => {
    world = await createMatrixWorld(furnish)
  })
  afterAll(() => world.app.close())

  describe("by roles", () => {
    test.each(names)("%s", async (name) => {
      const { need } = rules[name]
      const allowed = letsIn[need].filter((column) => column !== "bot" || isBotsToo(name))
      const isQuery = covenant.procedures[name].type === "query"
      const before = await stored(world.app)
      const asked = inputs(name, world.place)

      for (const column of columns) {
        // Permissions in another server count for nothing here.
        if (column !== "stranger" && need !== "all") {
          const elsewhere = await codeOf(world.app.chat, world.elsewhere[column], name, asked)
          expect([column, "elsewhere", isRefusal(elsewhere), elsewhere]).toEqual([
            ...[column, "elsewhere", true, elsewhere],
          ])
        }
        const isAllowed = allowed.includes(column)
        if (isAllowed && !isQuery) continue
        const code = await codeOf(world.app.chat, world.here[column], name, asked)
        expect([column, !isRefusal(code), code]).toEqual([column, isAllowed, code])
      }
      expect(await stored(world.app)).toEqual(before)

      // Of those who may, the weakest: on a copy, for it changes something. Where copies are cheap.
      const weakest = allowed.find((column) => column !== "bot")
      if (isQuery || weakest === undefined || isOnPostgres || need === "all") return
      const code = await onCopy(world.app, (chat) => codeOf(chat, world.here[weakest], name, asked))
      expect([weakest, isRefusal(code), code]).toEqual([weakest, false, code])
    })
  })
}

/** Without when a bot's token was last used: refused calls count too, once a minute. */
async function stored({ database }: TestChat) {
  const everything = await readEverything(database)
  return { ...everything, bot_tokens: everything.bot_tokens?.map(({ last_used_at, ...token }) => token) }
}

const isRefusal = (code: number | "done") => code === 401 || code === 403 || code === 404

async function codeOf(
  { server }: Chat,
  { token }: Pick<Person, "token">,
  name: Name,
  asked: unknown,
): Promise<number | "done"> {
  const headers = new Headers({ authorization: `Bearer ${token}` })
  const { error } = await server.processProcedure(name, asked, { headers, url: "" })
  return error?.code ?? "done"
}

/** Does something in a chat that begins with the same data. */
async function onCopy<T>({ database }: TestChat, act: (chat: Chat) => Promise<T>): Promise<T> {
  const file = sqliteOf(database).serialize()
  const copy = await openTestDatabase({ file }, {})
  const chat = createChat({ config: copy.config, database: copy.database, log: silent })
  try {
    return await act(chat)
  } finally {
    chat.close()
    await copy.close()
  }
}

type People = Record<Column, Pick<Person, "id" | "token">>

interface MatrixWorld<Place> {
  app: TestChat
  place: Place
  /** By what they may in alice's server, and in mallory's. */
  here: People
  elsewhere: People
}

async function createMatrixWorld<Place>(
  furnish: MatrixOptions<Place>["furnish"],
): Promise<MatrixWorld<Place>> {
  const app = await createTestChat(someMail)
  const { alice, bob, mallory } = app.cast
  const den = expectData(await mallory.client.mutate("createServer", { name: "Den" }))
  const cellar = expectData(
    await mallory.client.mutate("createChannel", { serverId: den.id, name: "cellar" }),
  )
  const place = await furnish(app)
  const here = await peopleOf(app, {
    owner: alice,
    serverId: app.lab.id,
    channelId: app.general.id,
    target: bob,
  })
  const elsewhere = await peopleOf(app, { owner: mallory, serverId: den.id, channelId: cellar.id })
  // What is written only once: when a session is used first, and when the index is searched first.
  for (const person of [...Object.values(here), ...Object.values(elsewhere)])
    await codeOf(app.chat, person, "searchMessages", { query: "hello" })
  return { app, place, here, elsewhere }
}

interface OfServer {
  owner: Person
  serverId: string
  channelId: string
  /** A member whose highest role is put between those of the two moderators. */
  target?: Person
}

const moderation: Permission[] = [
  "kickMembers",
  "banMembers",
  "timeOutMembers",
  "manageMessages",
  "manageNicknames",
]

async function peopleOf(app: TestChat, { owner, serverId, channelId, target }: OfServer): Promise<People> {
  const { client } = owner
  const { code } = expectData(await client.mutate("createInvite", { serverId }))
  const join = async (name: string, isMember = true) => {
    const person = await appear(app.chat, `${name.toLowerCase()}${serverId.slice(0, 6)}`)
    if (isMember) expectData(await person.client.mutate("joinServer", { code }))
    return person
  }
  const [timedOut, muted, member] = [await join("timed"), await join("muted"), await join("member")]
  const [below, above, administrator] = [await join("below"), await join("above"), await join("admin")]
  const [stranger, banned] = [await join("stranger", false), await join("banned", false)]

  const muting = await addRole(owner, serverId, muted, [])
  await addRole(owner, serverId, below, moderation)
  if (target) await addRole(owner, serverId, target, [])
  await addRole(owner, serverId, above, moderation)
  await addRole(owner, serverId, administrator, ["administrator"])
  const deny = String(permissionsOf("sendMessages", "sendInThreads"))
  const overwrite = { serverId, channelId, id: muting, type: 0, allow: "0", deny } as const
  expectData(await client.mutate("setOverwrite", overwrite))
  await app.chat.commits.decide((tx) => insertBan(tx, { serverId, userId: banned.id, reason: null }))
  await changeRows(
    app.database,
    sql`update server_members set timed_out_until = ${Date.now() + 3_600_000} where user_id = ${timedOut.id}`,
  )
  return {
    ...{ stranger, banned, timedOut, muted, member, below, above, administrator, owner },
    bot: await addBot(owner, serverId),
  }
}

/** Gives someone a new role above all that are there. */
async function addRole({ client }: Person, serverId: string, to: Person, permissions: Permission[]) {
  const set = String(permissionsOf(...permissions))
  const role = expectData(await client.mutate("createRole", { serverId, name: "role", permissions: set }))
  const position = expectData(await client.query("getRoles", { serverId })).length - 1
  expectData(await client.mutate("moveRoles", { serverId, positions: [{ id: role.id, position }] }))
  expectData(await client.mutate("giveRole", { serverId, userId: to.id, roleId: role.id }))
  return role.id
}

async function addBot({ client }: Person, serverId: string) {
  const bot = expectData(await client.mutate("createBot", { username: `bot${serverId.slice(0, 6)}` }))
  expectData(await client.mutate("addBot", { serverId, botId: bot.id }))
  const { token } = expectData(await client.mutate("createBotToken", { botId: bot.id }))
  return { id: bot.id, token }
}
