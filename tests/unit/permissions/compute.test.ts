import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { allPermissionNames, allPermissions, bitOf } from "../../../src/features/permissions/bits.ts"
import { outsider, standingOf } from "../../../src/features/permissions/standing.ts"
import type { PermissionWorld } from "../../support/permission-world.ts"
import { permissionCases } from "./cases.ts"
import { anyWorld, naiveBase, naivePermissions } from "./naive.ts"

// What members may do, by Discord's algorithm. The same cases are answered by SQL in `statements.test.ts`.

test("there are at least 200 cases, each only once", () => {
  const circumstances = permissionCases.map(({ line }) => line.split("|").slice(0, 3).join("|"))

  expect(new Set(circumstances).size).toBe(permissionCases.length)
  expect(permissionCases.length).toBeGreaterThanOrEqual(200)
})

test("they name every permission, as granted and as not granted", () => {
  const granted = permissionCases.reduce(
    (sum, { expected }) => (expected === allPermissions ? sum : sum | expected),
    0n,
  )
  const lacking = permissionCases.reduce((sum, { expected }) => sum | ~expected, 0n)
  const named = (set: bigint) => allPermissionNames.filter((name) => (set & bitOf[name]) !== 0n)

  expect(named(granted)).toEqual(allPermissionNames.filter((name) => name !== "administrator"))
  expect(named(lacking)).toEqual(allPermissionNames)
})

describe("permissions", () => {
  test.each(permissionCases.map((each) => [each.line, each] as const))("%s", (_, { world, expected }) => {
    expect(namesIn(permissionsFor(world))).toEqual(namesIn(expected))
    expect(permissionsFor(world)).toBe(expected)
  })

  test.each(permissionCases.map((each) => [each.line, each] as const))("said simply: %s", (_, each) => {
    expect(naivePermissions(each.world)).toBe(each.expected)
  })

  test("are those of the simple algorithm, for any roles and overwrites", () => {
    fc.assert(
      fc.property(anyWorld, (world) => permissionsFor(world) === naivePermissions(world)),
      { numRuns: 3000 },
    )
  })

  test("do not depend on the order of overwrites", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const overwrites = world.overwrites.toReversed()
        return permissionsFor({ ...world, overwrites }) === permissionsFor(world)
      }),
      { numRuns: 500 },
    )
  })
})

const me = { id: "me" }

function permissionsFor(world: PermissionWorld): bigint {
  if (!world.isMember) return outsider(me).permissions

  const held = new Set(world.roles.filter(({ isHeld }) => isHeld).map(({ name }) => name))
  const concerning = world.overwrites.flatMap(({ target, allow, deny }) => {
    const kind =
      target === "everyone" ? target : target === "me" ? "member" : held.has(target) ? "role" : null
    return kind ? [{ kind, allow: Number(allow), deny: Number(deny) }] : []
  })
  return standingOf(me, {
    kind: "server",
    ownerId: world.isOwner ? "me" : "boss",
    isMember: true,
    base: Number(naiveBase(world)),
    rank: 0,
    timedOutUntil: world.isTimedOut ? new Date(Date.now() + 3_600_000) : null,
    ...(world.place !== "server" && { overwrites: JSON.stringify(concerning) }),
    isThread: world.place === "thread",
  }).permissions
}

const namesIn = (set: bigint) => allPermissionNames.filter((name) => (set & bitOf[name]) !== 0n)
