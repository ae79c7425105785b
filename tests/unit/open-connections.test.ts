import { expect, test } from "bun:test"
import { type CountedConnection, OpenConnections } from "../../src/web/live/open-connections.ts"
import type { Ending } from "../../src/web/live/session.ts"

/** Opens named connections and writes down which of them were ended, with the code. */
function counting(limits: { perPerson: number | null; perAddress: number | null; limitsFrames?: boolean }) {
  const refused = { person: 0, address: 0 }
  const all = new OpenConnections(
    { limitsFrames: false, ...limits },
    {
      person: { add: () => void refused.person++ },
      address: { add: () => void refused.address++ },
    },
  )
  const ended: string[] = []
  const open = (name: string, userId: string, address = "10.0.0.1"): CountedConnection | Ending => {
    const opened = all.open(address, { onEvict: ({ code }) => void ended.push(`${name} ${code}`) })
    if (!("code" in opened)) opened.belongsTo(userId)
    return opened
  }
  return { all, open, ended, refused }
}

test("one connection too many of a person ends the one that sent nothing for longest, and no other", () => {
  const { all, open, ended, refused } = counting({ perPerson: 3, perAddress: null })
  const first = open("first", "bob") as CountedConnection
  const second = open("second", "bob") as CountedConnection
  open("third", "bob")
  open("alice's", "alice")
  expect(ended).toEqual([])

  first.used()
  open("fourth", "bob")
  expect(ended).toEqual(["second 409"])
  open("fifth", "bob")
  expect(ended).toEqual(["second 409", "third 409"])

  // What was ended is closed again by its holder.
  second.close()
  expect(all.countOf("bob")).toBe(3)
  first.close()
  open("sixth", "bob")
  expect(ended).toHaveLength(2)
  expect(refused).toEqual({ person: 2, address: 0 })
})

test("all addresses of an IPv6 network count together: one client may use each of them", () => {
  const { open } = counting({ perPerson: null, perAddress: 2 })
  open("first", "alice", "2001:db8:1:2::1")
  open("second", "bob", "2001:db8:1:2:ffff::1")

  expect(open("third", "carol", "2001:db8:1:2:3:4:5:6")).toMatchObject({ code: 429 })
  expect(open("elsewhere", "carol", "2001:db8:1:3::1")).not.toHaveProperty("code")
})

test("an address has its own limit: further ones are refused until one closes", () => {
  const { all, open, ended, refused } = counting({ perPerson: null, perAddress: 2 })
  const first = open("first", "alice") as CountedConnection
  open("second", "bob")

  expect(open("third", "carol")).toMatchObject({ code: 429 })
  expect(all.countOf("carol")).toBe(0)
  expect(open("elsewhere", "carol", "10.0.0.2")).not.toHaveProperty("code")
  // Calls inside the process have no address.
  for (let number = 0; number < 5; number++) expect(open("inside", "dave", "")).not.toHaveProperty("code")

  first.close()
  first.close()
  expect(open("third", "carol")).not.toHaveProperty("code")
  expect(open("fourth", "carol")).toMatchObject({ code: 429 })
  expect(ended).toEqual([])
  expect(refused).toEqual({ person: 0, address: 2 })
})

test("the frames of a person count together, until they have no connection", () => {
  const { open } = counting({ perPerson: null, perAddress: null, limitsFrames: true })
  const [first, second, others] = [
    open("1", "bob"),
    open("2", "bob"),
    open("3", "alice"),
  ] as CountedConnection[]
  const manyFrames = 250

  const taken = Array.from({ length: 12 }, (_, at) => (at % 2 ? first : second)?.used(manyFrames))

  expect(taken).toEqual(Array(12).fill(true))
  expect([first?.used(), second?.used(), others?.used()]).toEqual([false, false, true])
  first?.close()
  second?.close()
  expect((open("4", "bob") as CountedConnection).used()).toBe(true)
})
