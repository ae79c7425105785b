import { describe, expect, test } from "bun:test"
import { covenant } from "../../src/covenant.ts"
import { createTestChat, expectData, type TestChat } from "../support/chat.ts"
import { furnish } from "../support/procedure-place.ts"
import { type Caller, type Place, type ProcedureName, rules } from "../support/procedure-rules.ts"
import { describeRightsMatrix } from "../support/rights-matrix.ts"
import { readEverything } from "../support/test-database.ts"

// Who may call what, for the whole contract. The files in tests/unit/procedures/ test what each procedure does.

/** Procedures that bots may call. All others are for people. */
const forBots = new Set<ProcedureName>([
  ...(["explainPermissions", "viewServerAs", "previewPermissionChange"] as const),
  ...(["getServers", "getMembers", "leaveServer", "getChannels", "getMessages", "searchMessages"] as const),
  ...(["editMessage", "deleteMessage", "removePreview", "markRead", "markChannelRead", "getUnread"] as const),
  ...(["getMessageHistory", "addReaction", "removeReaction", "toggleReaction", "getReactions"] as const),
  ...(["votePoll", "togglePollVote", "endPoll", "getPollVoters"] as const),
  ...(["pinMessage", "unpinMessage", "getPins", "createThread", "getThreads"] as const),
  ...(["getInstance"] as const),
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
const refusals = names.flatMap((procedure) => {
  const { anonymous, outsider } = rules[procedure]
  return [
    { procedure, who: "anonymous" as const, code: anonymous },
    { procedure, who: "mallory" as const, code: outsider },
  ].filter(({ code }) => code !== "welcome")
})

test("the rules name every procedure of the contract", () => {
  expect(Object.keys(rules).sort()).toEqual([...names].sort())
})

describe("a caller who may", () => {
  test.each(names)("calls %s", async (procedure) => {
    using app = await createTestChat()
    const place = await furnish(app, procedure)

    const result = await call(app, rules[procedure].allowed, procedure, place)

    expect(result.error).toBeNull()
    expect(result.success).toBe(true)
  })
})

describe("a caller who may not", () => {
  test.each(refusals)("$who is refused $procedure with $code, and it does nothing", async (refusal) => {
    using app = await createTestChat()
    const place = await furnish(app, refusal.procedure)
    const before = await readEverything(app.database)

    const result = await call(app, refusal.who, refusal.procedure, place)

    expect(result.error?.code).toBe(refusal.code as number)
    expect(result.data).toBeNull()
    expect(result.resources).toBeNull()
    expect(await readEverything(app.database)).toEqual(before)
  })

  test.each(names)("an unknown token gives no access: %s", async (procedure) => {
    using app = await createTestChat()
    const place = await furnish(app, procedure)
    const headers = new Headers({ authorization: `Bearer ${crypto.randomUUID()}` })

    const { inputs, anonymous } = rules[procedure]
    const result = await app.chat.server.processProcedure(procedure, inputs(place), { headers, url: "" })

    expect(result.error?.code ?? "welcome").toBe(anonymous)
  })
})

describe("a bot, even of the server's owner,", () => {
  test.each(names.filter((procedure) => !forBots.has(procedure)))("is refused %s", async (procedure) => {
    using app = await createTestChat()
    const place = await furnish(app, procedure)
    const { client } = app.cast.alice
    expectData(await client.mutate("addBot", { serverId: place.serverId, botId: place.botId }))
    const { token } = expectData(await client.mutate("createBotToken", { botId: place.botId }))
    const headers = new Headers({ authorization: `Bearer ${token}` })
    const ask = (name: ProcedureName) =>
      app.chat.server.processProcedure(name, rules[name].inputs(place), { headers, url: "" })
    expect((await ask("getMembers")).error).toBeNull() // it is signed in, and a member
    await app.chat.commits.flush() // stores when the token was used
    const before = await readEverything(app.database)

    const result = await ask(procedure)

    expect(result.error?.code).toBe(403)
    expect(await readEverything(app.database)).toEqual(before)
  })
})

describeRightsMatrix<Place>({
  furnish: (app) => furnish(app, "getServers"),
  inputs: (procedure, place) => rules[procedure].inputs(place),
})

function call({ chat, cast }: TestChat, who: Caller, procedure: ProcedureName, place: Place) {
  const headers = new Headers(who === "anonymous" ? {} : { authorization: `Bearer ${cast[who].token}` })
  return chat.server.processProcedure(procedure, rules[procedure].inputs(place), { headers, url: "" })
}
