import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { covenant } from "../../src/covenant.ts"
import { someMail } from "../support/administrators.ts"
import { createTestChat, expectData, openWorld, type TestChat, type World } from "../support/chat.ts"
import { furnish } from "../support/procedure-place.ts"
import { rules } from "../support/procedure-rules/all.ts"
import type { Caller, OtherCaller, Place, ProcedureName } from "../support/procedure-rules/rule.ts"
import { describeRightsMatrix } from "../support/rights-matrix.ts"
import { readEverything } from "../support/test-database.ts"

// Who may call what, for the whole contract. The files in tests/unit/procedures/ test what each procedure does.

/** Procedures that bots may call. All others are for people. */
const forBots = new Set<ProcedureName>([
  ...(["explainPermissions", "viewServerAs", "previewPermissionChange"] as const),
  ...([
    "getServers",
    "getMembers",
    "getProfile",
    "leaveServer",
    "getChannels",
    "getMessages",
    "searchMessages",
  ] as const),
  ...(["editMessage", "deleteMessage", "removePreview", "markRead", "markChannelRead", "getUnread"] as const),
  ...(["getMessageHistory", "addReaction", "removeReaction", "toggleReaction", "getReactions"] as const),
  ...(["votePoll", "togglePollVote", "endPoll", "getPollVoters"] as const),
  ...(["pinMessage", "unpinMessage", "getPins", "createThread", "getThreads"] as const),
  ...(["getInstance", "getAnnouncement"] as const),
  ...(["getAuditLog", "removeMember", "getBans", "banMember", "banMembers", "unbanMember"] as const),
  ...(["timeOutMember", "endTimeout", "getTimeouts", "setSlowMode", "lockChannel"] as const),
  ...(["unlockChannel", "bulkDeleteMessages", "purgeMessages", "setNickname", "undoAct"] as const),
  ...(["createChannel", "updateChannel", "renameChannel", "setChannelAccess", "deleteChannel"] as const),
  ...([
    "updateServer",
    "getSystemChannel",
    "setSystemChannel",
    "getArchivedChannels",
    "archiveChannel",
    "unarchiveChannel",
    "getCategories",
  ] as const),
  ...(["getRoles", "createRole", "updateRole", "deleteRole", "moveRoles", "giveRole", "takeRole"] as const),
  ...(["getOverwrites", "setOverwrite", "deleteOverwrite", "syncOverwrites"] as const),
  ...(["createCategory", "renameCategory", "deleteCategory", "moveChannels"] as const),
])

const names = Object.keys(covenant.procedures) as ProcedureName[]
const isForAdministrators = (procedure: ProcedureName) => rules[procedure].administrator === "welcome"
const refusals = names.flatMap((procedure) => {
  const { anonymous, outsider, administrator = outsider } = rules[procedure]
  return [
    { procedure, who: "anonymous" as const, code: anonymous },
    { procedure, who: "suspended" as const, code: anonymous },
    { procedure, who: "mallory" as const, code: outsider },
    // Who administers the instance has no part in what people do there.
    { procedure, who: "administrator" as const, code: administrator },
  ].filter(({ code }) => code !== "welcome")
})

test("the rules name every procedure of the contract", () => {
  expect(Object.keys(rules).sort()).toEqual([...names].sort())
})

/** What these need is there only without an administrator, or for seconds. */
const needsItsOwn = new Set<ProcedureName>(["setUpInstance", "undoAct"])

/** Everything that the calls are about, stored once; `shared` is where calls are refused, which change nothing. */
let stored: { world: World; place: Place }
let shared: Furnished
beforeAll(async () => {
  const { app, place } = await furnished("getServers")
  stored = { world: await app.keep(), place }
  shared = await copy()
})
afterAll(() => shared.app.close())

describe("a caller who may", () => {
  test.each(names)("calls %s", async (procedure) => {
    using own = needsItsOwn.has(procedure) ? await furnished(procedure) : await copy()

    const result = await call(own, rules[procedure].allowed, procedure)

    expect(result.error).toBeNull()
    expect(result.success).toBe(true)
  })
})

test("administrators may use the procedures for administrators in every server", async () => {
  for (const procedure of names.filter(isForAdministrators)) {
    using own = await copy()
    const result = await call(own, "administrator", procedure)
    expect([procedure, result.error]).toEqual([procedure, null])
  }
})

describe("a caller who may not", () => {
  test.each(refusals)("$who is refused $procedure with $code, and it does nothing", async (refusal) => {
    using own = needsItsOwn.has(refusal.procedure) ? await furnished(refusal.procedure) : null
    const asked = own ?? shared
    const before = await readEverything(asked.app.database)

    const result = await call(asked, refusal.who, refusal.procedure)

    expect(result.error?.code).toBe(refusal.code as number)
    expect(result.data).toBeNull()
    expect(result.resources).toBeNull()
    expect(await readEverything(asked.app.database)).toEqual(before)
  })

  const isOpen = (procedure: ProcedureName) => rules[procedure].anonymous === "welcome"

  test.each(names)("an unknown token gives no access: %s", async (procedure) => {
    using own = isOpen(procedure) ? await furnished(procedure) : null
    const { app, place } = own ?? shared
    const headers = new Headers({ authorization: `Bearer ${crypto.randomUUID()}` })

    const { inputs, anonymous } = rules[procedure]
    const result = await app.chat.server.processProcedure(procedure, inputs(place), { headers, url: "" })

    expect(result.error?.code ?? "welcome").toBe(anonymous)
  })
})

describe("a bot, even of the server's owner,", () => {
  let headers: Headers
  beforeAll(async () => {
    const { app, place } = shared
    const { client } = app.cast.alice
    expectData(await client.mutate("addBot", { serverId: place.serverId, botId: place.botId }))
    const { token } = expectData(await client.mutate("createBotToken", { botId: place.botId }))
    headers = new Headers({ authorization: `Bearer ${token}` })
    expect((await ask("getMembers")).error).toBeNull() // it is signed in, and a member
    await app.chat.commits.flush() // stores when the token was used
  })

  test.each(names.filter((procedure) => !forBots.has(procedure)))("is refused %s", async (procedure) => {
    const before = await readEverything(shared.app.database)

    const result = await ask(procedure)

    expect(result.error?.code).toBe(403)
    expect(await readEverything(shared.app.database)).toEqual(before)
  })

  function ask(procedure: ProcedureName) {
    const { app, place } = shared
    return app.chat.server.processProcedure(procedure, rules[procedure].inputs(place), { headers, url: "" })
  }
})

describeRightsMatrix<Place>({
  furnish: (app) => furnish(app, "getServers"),
  inputs: (procedure, place) => rules[procedure].inputs(place),
})

/** A chat with everything that the calls are about. */
interface Furnished extends Disposable {
  app: TestChat
  place: Place
}

async function furnished(procedure: ProcedureName): Promise<Furnished> {
  const app = await createTestChat(someMail)
  const place = await furnish(app, procedure)
  return { app, place, [Symbol.dispose]: app.close }
}

async function copy(): Promise<Furnished> {
  const app = await openWorld(stored.world, someMail)
  return { app, place: stored.place, [Symbol.dispose]: app.close }
}

function call({ app, place }: Furnished, who: Caller | OtherCaller, procedure: ProcedureName) {
  const { chat, cast } = app
  const tokens = { administrator: place.administrator, suspended: place.suspended, anonymous: undefined }
  const token = who in tokens ? tokens[who as keyof typeof tokens] : cast[who as keyof typeof cast].token
  const headers = new Headers(token ? { authorization: `Bearer ${token}` } : {})
  return chat.server.processProcedure(procedure, rules[procedure].inputs(place), { headers, url: "" })
}
