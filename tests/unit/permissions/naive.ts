import fc from "fast-check"
import { bitOf, type Permission } from "../../../src/features/permissions/bits.ts"
import type { PermissionWorld } from "../../support/permission-world.ts"

// Discord's algorithm once more, as simply as it can be said: one bit at a time, with no set and no mask.

const bits = Array.from({ length: 53 }, (_, index) => 1n << BigInt(index))
const has = (set: bigint, bit: bigint) => (set & bit) !== 0n

/** What "me" may do in the world's place. */
export function naivePermissions(world: PermissionWorld): bigint {
  return sumOf((bit) => naivelyMay(world, bit))
}

/** What roles and overwrites say, without owner, timeout and what follows from other bits: what statements compute. */
export function naiveGrants(world: PermissionWorld): bigint {
  return sumOf((bit) => isGranted(world, bit))
}

/** The base: what the member's roles say, as it is stored. */
export function naiveBase(world: PermissionWorld): bigint {
  return sumOf((bit) => fromRoles(world, bit) || (world.isOwner && bit === bitOf.administrator))
}

function naivelyMay(world: PermissionWorld, bit: bigint): boolean {
  if (!world.isMember) return false
  if (world.isOwner || fromRoles(world, bitOf.administrator)) return true

  const asked = (name: Permission) => isGranted(world, bitOf[name])
  const isReading = bit === bitOf.viewChannel || bit === bitOf.readHistory
  if (world.isTimedOut && !isReading) return false
  if (world.place === "server") return fromRoles(world, bit)

  if (!asked("viewChannel")) return false
  const needsSending = (["mentionEveryone", "attachFiles", "embedLinks", "sendPolls"] as const).some(
    (name) => bitOf[name] === bit,
  )
  if (needsSending && !asked(world.place === "thread" ? "sendInThreads" : "sendMessages")) return false
  return isGranted(world, bit)
}

function isGranted(world: PermissionWorld, bit: bigint): boolean {
  if (!world.isMember) return false
  if (world.isOwner || fromRoles(world, bitOf.administrator)) return true

  let granted = fromRoles(world, bit)
  // Nobody becomes an administrator, or stops being one, by an overwrite.
  if (bit === bitOf.administrator) return granted

  const held = world.roles.filter(({ isHeld }) => isHeld).map(({ name }) => name)
  for (const concerned of [["everyone"], held, ["me"]]) {
    const overwrites = world.overwrites.filter(({ target }) => concerned.includes(target))
    for (const { deny } of overwrites) if (has(deny, bit)) granted = false
    for (const { allow } of overwrites) if (has(allow, bit)) granted = true
  }
  return granted
}

function fromRoles({ everyone, roles }: PermissionWorld, bit: bigint): boolean {
  if (has(everyone, bit)) return true
  for (const { isHeld, permissions } of roles) if (isHeld && has(permissions, bit)) return true
  return false
}

function sumOf(isIn: (bit: bigint) => boolean): bigint {
  let sum = 0n
  for (const bit of bits) if (isIn(bit)) sum += bit
  return sum
}

/** Often none, a few or nearly all bits; `administrator` rarely, for it hides everything else. */
const anyBits = fc
  .tuple(fc.bigInt(0n, 2n ** 53n - 1n), fc.bigInt(0n, 2n ** 53n - 1n), fc.integer({ min: 0, max: 5 }))
  .map(([some, other, kind]) => [0n, some, some & other, some | other, some, some & other][kind] ?? 0n)
const roleBits = fc
  .tuple(anyBits, fc.integer({ min: 0, max: 11 }))
  .map(([set, luck]) => (luck === 0 ? set | bitOf.administrator : set & ~bitOf.administrator))

const names = ["red", "blue", "green", "grey"]
const overwrite = (target: string) =>
  fc.option(fc.record({ target: fc.constant(target), allow: anyBits, deny: anyBits }), { nil: null })

/** Any world. */
export const anyWorld: fc.Arbitrary<PermissionWorld> = fc
  .record({
    everyone: roleBits,
    roles: fc.tuple(
      ...names.map((name) =>
        fc.record({ name: fc.constant(name), permissions: roleBits, isHeld: fc.boolean() }),
      ),
    ),
    overwrites: fc
      .tuple(...["everyone", ...names, "me", "bob"].map(overwrite))
      .map((all) => all.filter((each) => each !== null)),
    isMember: fc.integer({ min: 0, max: 9 }).map((luck) => luck > 0),
    isOwner: fc.integer({ min: 0, max: 9 }).map((luck) => luck === 0),
    isTimedOut: fc.integer({ min: 0, max: 3 }).map((luck) => luck === 0),
    place: fc.constantFrom("server" as const, "channel" as const, "channel" as const, "thread" as const),
  })
  // The owner of a server is its member.
  .map((world) => ({ ...world, isOwner: world.isOwner && world.isMember }))
