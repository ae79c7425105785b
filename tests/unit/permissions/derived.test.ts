import { expect, test } from "bun:test"
import { sql } from "drizzle-orm"
import type { Tx } from "../../../src/db/database.ts"
import { bitOf } from "../../../src/features/permissions/bits.ts"
import { refreshHolders, refreshMember } from "../../../src/features/permissions/derived.ts"
import { createTestChat } from "../../support/chat.ts"
import {
  idsOfWorld,
  insertWorld,
  insertWorldPeople,
  readStored,
  worldPeople,
} from "../../support/permission-world.ts"

// `server_members.permissions` after any sequence of changes of roles, compared with what the roles say.

const { serverId } = idsOfWorld(0)
const names = ["red", "blue", "green"]
const idOf = (name: string) => (name === "everyone" ? serverId : `${serverId}-${name}`)

interface Model {
  owner: string
  /** By the role's name. */
  bits: Map<string, bigint>
  /** "me red" */
  given: Set<string>
}

test("stored permissions follow every change of roles, role's bits and owner", async () => {
  using app = await createTestChat()
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
  const random = generator(seed)
  const model: Model = { owner: "boss", bits: new Map([["everyone", 0n]]), given: new Set() }
  const none = { everyone: 0n, roles: [], overwrites: [], isMember: true, isOwner: false, isTimedOut: false }
  await app.chat.commits.decide(async (tx) => {
    await insertWorldPeople(tx)
    await insertWorld(tx, 0, { ...none, place: "channel" })
  })

  const seen = new Set<string>()
  for (let step = 0; step < 80; step += 1) {
    const change = changes[random(changes.length)]
    if (!change) continue
    await app.chat.commits.decide((tx) => change(tx, model, random))
    const stored = await readStored(app.chat.db)
    for (const person of worldPeople) {
      const found = stored.get(`${serverId} ${person}`)
      expect([seed, step, change.name, person, found]).toEqual([
        ...[seed, step, change.name, person],
        expectedOf(model, person),
      ])
      seen.add(String(found))
    }
  }
  expect(seen.size).toBeGreaterThan(8) // or it was the same all the time
})

type Random = (below: number) => number

const changes: ((tx: Tx, model: Model, random: Random) => Promise<void>)[] = [
  async function changeBits(tx, { bits }, random) {
    const name = [...bits.keys()][random(bits.size)] ?? "everyone"
    const set = randomBits(random)
    bits.set(name, set)
    await tx.run(sql`update roles set permissions = ${Number(set)} where id = ${idOf(name)}`)
    await refreshHolders(tx, serverId, idOf(name))
  },
  async function createRole(tx, { bits }, random) {
    const name = names[random(names.length)] ?? "red"
    if (bits.has(name)) return
    const set = randomBits(random)
    bits.set(name, set)
    await tx.run(sql`insert into roles (id, server_id, name, permissions, position, created_at)
      values (${idOf(name)}, ${serverId}, ${name}, ${Number(set)}, 1, 0)`)
  },
  async function deleteRole(tx, { bits, given }, random) {
    const name = names[random(names.length)] ?? "red"
    if (!bits.delete(name)) return
    for (const pair of given) if (pair.endsWith(` ${name}`)) given.delete(pair)
    await tx.run(sql`update roles set permissions = 0 where id = ${idOf(name)}`)
    await refreshHolders(tx, serverId, idOf(name))
    await tx.run(sql`delete from roles where id = ${idOf(name)}`)
  },
  async function giveRole(tx, { bits, given }, random) {
    const [person, name] = [worldPeople[random(3)] ?? "me", names[random(names.length)] ?? "red"]
    if (!bits.has(name) || given.has(`${person} ${name}`)) return
    given.add(`${person} ${name}`)
    await tx.run(sql`insert into member_roles (server_id, user_id, role_id)
      values (${serverId}, ${person}, ${idOf(name)})`)
    await refreshMember(tx, serverId, person)
  },
  async function takeRole(tx, { given }, random) {
    const pair = [...given][random(given.size)]
    if (pair === undefined) return
    given.delete(pair)
    const [person = "", name = ""] = pair.split(" ")
    await tx.run(sql`delete from member_roles where user_id = ${person} and role_id = ${idOf(name)}`)
    await refreshMember(tx, serverId, person)
  },
  async function changeOwner(tx, model, random) {
    const before = model.owner
    model.owner = worldPeople[random(3)] ?? "boss"
    await tx.run(sql`update servers set owner_id = ${model.owner} where id = ${serverId}`)
    await refreshMember(tx, serverId, before)
    await refreshMember(tx, serverId, model.owner)
  },
]

function expectedOf({ owner, bits, given }: Model, person: string): bigint {
  let sum = bits.get("everyone") ?? 0n
  for (const [name, set] of bits) if (given.has(`${person} ${name}`)) sum |= set
  return owner === person ? sum | bitOf.administrator : sum
}

/** A few of the 53 bits. */
function randomBits(random: Random): bigint {
  let set = 0n
  for (let count = random(6); count > 0; count -= 1) set |= 1n << BigInt(random(53))
  return set
}

/** The same numbers for the same seed, so that a failure can be repeated with `SEED`. */
function generator(seed: number): Random {
  let state = seed + 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return below === 0 ? 0 : state % below
  }
}
