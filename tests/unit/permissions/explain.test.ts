import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { allPermissionNames, bitOf, permissionsOf } from "../../../src/features/permissions/bits.ts"
import { can } from "../../../src/features/permissions/can.ts"
import { explain, grantedBy, type PermissionFacts } from "../../../src/features/permissions/explain.ts"
import { standingOf } from "../../../src/features/permissions/standing.ts"
import type { PermissionWorld } from "../../support/permission-world.ts"
import { permissionCases } from "./cases.ts"
import { anyWorld, naivePermissions } from "./naive.ts"

const used = permissionsOf(...allPermissionNames)

describe("an explanation", () => {
  test("equals the computed permissions: the table", () => {
    for (const { line, world, expected } of permissionCases) {
      expect([line, grantedBy(explain(factsOf(world))) & used]).toEqual([line, expected & used])
    }
  })

  test("equals the computed permissions: random roles and overwrites", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const explained = explain(factsOf(world))
        expect(grantedBy(explained) & used).toBe(naivePermissions(world) & used)
        for (const { steps, isGranted } of explained) expect(steps.at(-1)?.grants).toBe(isGranted)
      }),
      { numRuns: 1500 },
    )
  })

  test("names role, overwrite and step, and the last one decides", () => {
    const facts = factsOf(worldOf("@ -sendMessages", "red +sendMessages", "me -sendMessages"))

    expect(stepsFor(facts, "sendMessages")).toEqual([
      "+ role @everyone",
      "- everyoneOverwrite everyone",
      "+ roleOverwrite red",
      "- memberOverwrite me",
    ])
    expect(stepsFor(facts, "attachFiles")).toEqual(["+ role @everyone", "- cannotSend"])
    expect(stepsFor(facts, "banMembers")).toEqual(["- noRole"])
    expect(stepsFor({ ...facts, isTimedOut: true }, "addReactions")).toEqual([
      "+ role @everyone",
      "- timeout",
    ])
    expect(stepsFor({ ...facts, isOwner: true }, "sendMessages")).toEqual(["+ owner"])
    expect(stepsFor({ ...facts, isMember: false }, "sendMessages")).toEqual(["- notMember"])
    const boss = { id: "boss", name: "Boss", permissions: Number(bitOf.administrator) }
    expect(stepsFor({ ...facts, roles: [boss] }, "banMembers")).toEqual(["+ administrator Boss"])
  })

  test("says that nothing is left where the channel is hidden", () => {
    const facts = factsOf(worldOf("@ -viewChannel"))

    expect(stepsFor(facts, "viewChannel")).toEqual(["+ role @everyone", "- everyoneOverwrite everyone"])
    expect(stepsFor(facts, "sendMessages")).toEqual(["+ role @everyone", "- cannotView"])
    expect(grantedBy(explain(facts))).toBe(0n)
  })

  test.each([
    { what: "a locked channel", isLocked: true, isArchived: false, step: "- locked" },
    { what: "an archived channel", isLocked: false, isArchived: true, step: "- archived" },
  ])("agrees with `can` about $what", ({ isLocked, isArchived, step }) => {
    const actions = [
      ["sendMessages", "send"],
      ["addReactions", "react"],
      ["sendPolls", "sendPolls"],
      ["createThreads", "createThread"],
      ["attachFiles", "attachFiles"],
    ] as const
    for (const overwrites of [[], ["me +manageMessages"], ["@ -viewChannel", "me +manageMessages"]]) {
      for (const isOwner of [false, true]) {
        const facts = factsOf({ ...worldOf(...overwrites), isOwner })
        if (facts.channel) Object.assign(facts.channel, { isLocked, isArchived })
        const standing = standingFor(facts)
        for (const [permission, action] of actions) {
          const found = explain(facts).find((each) => each.permission === permission)
          // To react, `can` asks `read` first.
          const expected = can(standing, "read") && can(standing, action)
          expect([overwrites, isOwner, permission, found?.isGranted]).toEqual([
            ...[overwrites, isOwner, permission, expected],
          ])
        }
      }
    }
    const facts = factsOf(worldOf())
    if (facts.channel) Object.assign(facts.channel, { isLocked, isArchived })
    expect(stepsFor(facts, "sendMessages").at(-1)).toBe(step)
  })
})

function stepsFor(facts: PermissionFacts, permission: string): string[] {
  const found = explain(facts).find((each) => each.permission === permission)
  return (found?.steps ?? []).map(({ kind, grants, name }) =>
    [grants ? "+" : "-", kind, ...(name ? [name] : [])].join(" "),
  )
}

/** A member with the role "red", in a channel with these overwrites. */
function worldOf(...overwrites: string[]): PermissionWorld {
  const names = ["viewChannel", "sendMessages", "attachFiles", "addReactions", "createThreads"] as const
  return {
    everyone: permissionsOf(...names, "sendPolls"),
    roles: [{ name: "red", permissions: 0n, isHeld: true }],
    overwrites: overwrites.map((line) => {
      const [target = "", change = ""] = line.split(" ")
      const bit = bitOf[change.slice(1) as keyof typeof bitOf]
      const isAllowed = change.startsWith("+")
      return {
        target: target === "@" ? "everyone" : target,
        allow: isAllowed ? bit : 0n,
        deny: isAllowed ? 0n : bit,
      }
    }),
    ...{ isMember: true, isOwner: false, isTimedOut: false, place: "channel" },
  }
}

function factsOf(world: PermissionWorld): PermissionFacts {
  const held = world.roles.filter(({ isHeld }) => isHeld)
  const kindOf = (target: string) =>
    target === "everyone" ? target : target === "me" ? "member" : ("role" as const)
  const concerning = world.overwrites.filter(
    ({ target }) => ["everyone", "me"].includes(target) || held.some(({ name }) => name === target),
  )
  return {
    isMember: world.isMember,
    isOwner: world.isOwner,
    ...{ isTimedOut: world.isTimedOut, hold: null, isRaidLocked: false },
    roles: [
      { id: "everyone", name: "@everyone", permissions: Number(world.everyone) },
      ...held.map(({ name, permissions }) => ({ id: name, name, permissions: Number(permissions) })),
    ],
    channel:
      world.place === "server"
        ? null
        : {
            isThread: world.place === "thread",
            isLocked: false,
            isArchived: false,
            overwrites: concerning.map(({ target, allow, deny }) => ({
              ...{ kind: kindOf(target), targetId: target, name: target },
              ...{ allow: Number(allow), deny: Number(deny) },
            })),
          },
  }
}

function standingFor({ isOwner, roles, channel }: PermissionFacts) {
  return standingOf(
    { id: "me" },
    {
      ...{ kind: "server", ownerId: isOwner ? "me" : "boss", isMember: true, rank: 0, timedOutUntil: null },
      base: Number(roles.reduce((sum, { permissions }) => sum | BigInt(permissions), 0n)),
      overwrites: JSON.stringify(channel?.overwrites),
      ...{
        lockedAt: channel?.isLocked ? new Date() : null,
        archivedAt: channel?.isArchived ? new Date() : null,
      },
    },
  )
}
