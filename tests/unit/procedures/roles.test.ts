import { describe, expect, test } from "bun:test"
import { roles } from "../../../drizzle/schema.ts"
import { maxRoles } from "../../../src/features/roles/contract.ts"
import { movedRoles } from "../../../src/features/roles/positions.ts"
import type { ProcedureResult } from "../../../src/kernel/index.ts"
import { createTestChat, expectData, type Person, type TestChat } from "../../support/chat.ts"
import { bits, createRoles, type RolesWorld } from "../../support/roles.ts"
import { readEverything } from "../../support/test-database.ts"

type Attempt = (world: RolesWorld) => Promise<ProcedureResult<unknown>>
type Case = [what: string, code: number, attempt: Attempt]

const create = (by: Person, { serverId }: RolesWorld, fields: object) =>
  by.client.mutate("createRole", { serverId, ...fields })
const update = (by: Person, { serverId }: RolesWorld, roleId: string, fields: object) =>
  by.client.mutate("updateRole", { serverId, roleId, ...fields })
const remove = (by: Person, { serverId }: RolesWorld, roleId: string) =>
  by.client.mutate("deleteRole", { serverId, roleId })
const give = (by: Person, { serverId }: RolesWorld, roleId: string, to: { id: string }) =>
  by.client.mutate("giveRole", { serverId, roleId, userId: to.id })
const take = (by: Person, { serverId }: RolesWorld, roleId: string, from: { id: string }) =>
  by.client.mutate("takeRole", { serverId, roleId, userId: from.id })
const move = (by: Person, { serverId }: RolesWorld, positions: { id: string; position: number }[]) =>
  by.client.mutate("moveRoles", { serverId, positions })

const refused: Case[] = [
  ["a member creates a role", 403, (w) => create(w.bob, w, {})],
  ["an outsider creates a role", 403, (w) => create(w.mallory, w, {})],
  ["a member changes a role", 403, (w) => update(w.bob, w, w.low.id, { name: "x" })],
  ["a member gives a role", 403, (w) => give(w.bob, w, w.low.id, w.bob)],
  ["nobody's server", 404, (w) => create(w.alice, { ...w, serverId: "no" }, {})],
  ["nobody's role", 404, (w) => update(w.alice, w, "no", { name: "x" })],
  ["a moderator changes their own role", 403, (w) => update(w.mod, w, w.moderators.id, { name: "x" })],
  ["a moderator changes a higher role", 403, (w) => update(w.mod, w, w.admins.id, { name: "x" })],
  ["a moderator deletes a higher role", 403, (w) => remove(w.mod, w, w.top.id)],
  ["a moderator gives their own role", 403, (w) => give(w.mod, w, w.moderators.id, w.bob)],
  ["a moderator takes a higher role", 403, (w) => take(w.mod, w, w.admins.id, w.admin)],
  ["an administrator changes their own role", 403, (w) => update(w.admin, w, w.admins.id, { name: "x" })],
  ["an administrator deletes a higher role", 403, (w) => remove(w.admin, w, w.top.id)],
  ["an administrator gives a higher role", 403, (w) => give(w.admin, w, w.top.id, w.admin)],
  ["a role with a bit that one lacks", 403, (w) => create(w.mod, w, { permissions: bits("banMembers") })],
  ["a bit that one lacks", 403, (w) => update(w.mod, w, w.low.id, { permissions: bits("administrator") })],
  ["taking a bit that one lacks", 403, (w) => update(w.mod, w, w.bans.id, { permissions: "0" })],
  ["a role moves above one's own", 403, (w) => move(w.mod, w, [{ id: w.low.id, position: 3 }])],
  ["a higher role moves down", 403, (w) => move(w.mod, w, [{ id: w.admins.id, position: 1 }])],
  ["@everyone is renamed", 400, (w) => update(w.alice, w, w.serverId, { name: "All" })],
  ["@everyone is hoisted", 400, (w) => update(w.alice, w, w.serverId, { hoist: true })],
  ["@everyone is deleted", 400, (w) => remove(w.alice, w, w.serverId)],
  ["@everyone is given", 400, (w) => give(w.alice, w, w.serverId, w.bob)],
  ["@everyone is taken", 400, (w) => take(w.alice, w, w.serverId, w.bob)],
  ["@everyone moves", 400, (w) => move(w.alice, w, [{ id: w.serverId, position: 1 }])],
  ["a role moves below @everyone", 400, (w) => move(w.alice, w, [{ id: w.low.id, position: 0 }])],
  [
    "a role moves twice",
    400,
    (w) =>
      move(w.alice, w, [
        { id: w.low.id, position: 2 },
        { id: w.low.id, position: 3 },
      ]),
  ],
  ["nobody's role moves", 404, (w) => move(w.alice, w, [{ id: "no", position: 1 }])],
  ["an outsider gets a role", 404, (w) => give(w.alice, w, w.low.id, w.mallory)],
  ["bits that do not exist", 400, (w) => create(w.alice, w, { permissions: String(2n ** 53n) })],
  ["a negative set of bits", 400, (w) => create(w.alice, w, { permissions: "-1" })],
  ["bits in hexadecimal", 400, (w) => create(w.alice, w, { permissions: "0x8" })],
  ["a color that does not exist", 400, (w) => create(w.alice, w, { color: 0x1_00_00_00 })],
  ["a name of spaces", 400, (w) => create(w.alice, w, { name: "  " })],
  ["a name of 101 letters", 400, (w) => create(w.alice, w, { name: "x".repeat(101) })],
  ["a reason that is too long", 400, (w) => create(w.alice, w, { reason: "x".repeat(513) })],
]

describe("it is refused, and nothing changes:", () => {
  test.each(refused)("%s (%i)", async (_what, code, attempt) => {
    using app = await createTestChat()
    const world = await createRoles(app)
    const before = await stored(app)

    const result = await attempt(world)

    expect([result.error?.code, result.success]).toEqual([code, false])
    expect(await stored(app)).toEqual(before)
  })

  test("a role of another server, by each call", async () => {
    using app = await createTestChat()
    const world = await createRoles(app)
    const other = expectData(await app.cast.alice.client.mutate("createServer", { name: "Other" }))
    const elsewhere = { ...world, serverId: other.id }
    const { alice, low } = world
    const before = await readEverything(app.database)

    for (const result of [
      await update(alice, elsewhere, low.id, { name: "x" }),
      await remove(alice, elsewhere, low.id),
      await give(alice, elsewhere, low.id, alice),
      await move(alice, elsewhere, [{ id: low.id, position: 1 }]),
      await update(alice, elsewhere, world.serverId, { permissions: "0" }),
    ])
      expect(result.error?.code).toBe(404)
    expect(await readEverything(app.database)).toEqual(before)
  })
})

const allowed: [what: string, attempt: Attempt][] = [
  ["a moderator gives a lower role", (w) => give(w.mod, w, w.low.id, w.bob)],
  ["a moderator renames a lower role", (w) => update(w.mod, w, w.low.id, { name: "lower" })],
  [
    "a moderator grants what they have",
    (w) => update(w.mod, w, w.low.id, { permissions: bits("kickMembers") }),
  ],
  ["a moderator deletes a lower role", (w) => remove(w.mod, w, w.low.id)],
  ["an administrator grants every bit", (w) => create(w.admin, w, { permissions: String(2n ** 53n - 1n) })],
  ["an administrator manages a lower role", (w) => take(w.admin, w, w.moderators.id, w.mod)],
  ["the owner takes any role", (w) => take(w.alice, w, w.admins.id, w.admin)],
  ["a name of 100 letters", (w) => create(w.alice, w, { name: "x".repeat(100), color: 0xff_ff_ff })],
  ["the permissions of @everyone", (w) => update(w.admin, w, w.serverId, { permissions: "1024" })],
  ["what is already so", (w) => update(w.mod, w, w.low.id, { name: "low" })],
]

describe("it is allowed:", () => {
  test.each(allowed)("%s", async (_what, attempt) => {
    using app = await createTestChat()
    expect((await attempt(await createRoles(app))).error).toBeNull()
  })
})

describe("what a member may do", () => {
  test("follows the roles they have, and what those allow", async () => {
    using app = await createTestChat()
    const world = await createRoles(app)
    const { alice, bob, low, serverId } = world
    const mayDelete = async () =>
      (await bob.client.mutate("renameServer", { serverId, name: "Lab" })).error?.code !== 403
    expect(await mayDelete()).toBe(false)

    const seen: boolean[] = []
    for (const change of [
      () => give(alice, world, low.id, bob),
      () => update(alice, world, low.id, { permissions: bits("manageServer") }),
      () => take(alice, world, low.id, bob),
      () => give(alice, world, low.id, bob),
      () => remove(alice, world, low.id),
      () => update(alice, world, serverId, { permissions: bits("viewChannel", "manageServer") }),
    ]) {
      expectData(await change())
      seen.push(await mayDelete())
    }

    expect(seen).toEqual([false, true, false, true, false, true])
  })

  test("is listed with the members, and in the audit log with old and new values", async () => {
    using app = await createTestChat()
    const world = await createRoles(app)
    const { alice, bob, low, moderators, serverId } = world

    expectData(await give(alice, world, low.id, bob))
    expectData(await give(alice, world, moderators.id, bob))
    expectData(await give(alice, world, moderators.id, bob)) // has it already
    expectData(await update(alice, world, low.id, { name: "lower", color: 255 }))

    const members = expectData(await bob.client.query("getMembers", { serverId }))
    expect(members.find(({ userId }) => userId === bob.id)?.roleIds).toEqual([moderators.id, low.id])
    const { entries } = expectData(await alice.client.query("getAuditLog", { serverId, limit: 3 }))
    expect(entries.map(({ action, targetName, changes }) => [action, targetName, changes])).toEqual([
      ["role.update", "low", { name: { before: "low", after: "lower" }, color: { before: 0, after: 255 } }],
      ["member.roles", "bob", { role: { after: { id: moderators.id, name: "moderators" } } }],
      ["member.roles", "bob", { role: { after: { id: low.id, name: "low" } } }],
    ])
  })
})

describe("the hierarchy", () => {
  test("is changed by moving roles, and has no gaps after one is deleted", async () => {
    using app = await createTestChat()
    const world = await createRoles(app)
    const { alice, low, moderators } = world
    const order = async () =>
      expectData(await alice.client.query("getRoles", { serverId: world.serverId })).map(
        ({ name, position }) => `${position} ${name}`,
      )
    expect(await order()).toEqual(["5 top", "4 admins", "3 moderators", "2 bans", "1 low", "0 @everyone"])

    expectData(await move(alice, world, [{ id: low.id, position: 3 }]))
    expect(await order()).toEqual(["5 top", "4 admins", "3 low", "2 moderators", "1 bans", "0 @everyone"])

    expectData(await remove(alice, world, moderators.id))
    expect(await order()).toEqual(["4 top", "3 admins", "2 low", "1 bans", "0 @everyone"])
  })

  test("cannot be overtaken: a moderator who loses the role meanwhile does nothing with it", async () => {
    using app = await createTestChat()
    const world = await createRoles(app)
    const { alice, mod, bob, low, moderators } = world

    const [lost, gave] = await Promise.all([
      take(alice, world, moderators.id, mod),
      give(mod, world, low.id, bob),
    ])

    expectData(lost)
    // Whichever came first: what was given after the loss was refused.
    const { entries } = expectData(
      await alice.client.query("getAuditLog", { serverId: world.serverId, limit: 2 }),
    )
    const wasFirst = entries[1]?.actorId === mod.id
    expect([gave.success, gave.error?.code]).toEqual(wasFirst ? [true, undefined] : [false, 403])
  })

  test.each([
    ["one up", [{ id: "a", position: 2 }], "b1 a2"],
    ["to the top", [{ id: "a", position: 250 }], "b1 c2 d3 a4"],
    ["to the bottom", [{ id: "d", position: 1 }], "d1 a2 b3 c4"],
    [
      "two that swap",
      [
        { id: "a", position: 4 },
        { id: "d", position: 1 },
      ],
      "d1 a4",
    ],
    [
      "two to one place",
      [
        { id: "c", position: 1 },
        { id: "d", position: 1 },
      ],
      "c1 d2 a3 b4",
    ],
    ["nowhere", [{ id: "b", position: 2 }], ""],
  ])("moves %s", (_what, moves, expected) => {
    const all = ["c", "a", "d", "b"].map((id) => ({ id, position: "abcd".indexOf(id) + 1 }))
    const moved = movedRoles(all, moves).map(({ role, position }) => `${role.id}${position}`)

    expect(moved.join(" ")).toBe(expected)
  })
})

test(`a server has ${maxRoles} roles at most, however many ask at once`, async () => {
  using app = await createTestChat()
  const { alice } = app.cast
  const serverId = app.lab.id
  await fill(app, maxRoles - 2)

  const results = await Promise.all(
    ["a", "b"].map((name) => alice.client.mutate("createRole", { serverId, name })),
  )

  expect(results.map(({ error }) => error?.code ?? 200).toSorted()).toEqual([200, 400])
  expect(expectData(await alice.client.query("getRoles", { serverId }))).toHaveLength(maxRoles)
})

/** Roles besides `@everyone`, in one statement. */
async function fill({ chat, lab }: TestChat, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: crypto.randomUUID(),
    serverId: lab.id,
    name: `role ${index}`,
    position: index + 1,
  }))
  await chat.commits.decide((tx) => tx.insert(roles).values(rows).run())
}

/** Without what a call does to the session. */
async function stored({ database }: TestChat) {
  const { sessions, ...others } = await readEverything(database)
  return others
}
