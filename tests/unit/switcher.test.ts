import { expect, test } from "bun:test"
import { findDestinations } from "../../src/features/switcher/destinations.ts"
import { folded, matchOf } from "../../src/features/switcher/matching.ts"
import { switcherReads } from "../../src/features/switcher/store.ts"
import { createTestChat, expectData, type TestChat } from "../support/chat.ts"
import { sqliteOf, testOnSqlite } from "../support/test-database.ts"

test("a name ranks higher, the earlier it contains the query", () => {
  const fits = (name: string, asked: string, context = "") =>
    matchOf(folded(name), folded(asked), folded(context))

  const best = ["gen", "general", "team-gen", "origen", "green nuts"].map((name) => fits(name, "gen"))
  expect(best).toEqual([0, 1, 2, 3, 5])
  expect(fits("Größe & Länge", "GROSSE")).toBe(1)
  expect(fits("Café", "cafe")).toBe(0)
  expect(fits("ДОМ", "дом")).toBe(0)
  expect(fits("general", "lab gen", "Lab")).toBe(4)
  expect(fits("general", "den gen", "Lab")).toBeUndefined()
  expect(fits("general", "lab", "Lab")).toBeUndefined()
  expect(fits("general", "eral x")).toBeUndefined()
  expect(fits("general", "enl")).toBeUndefined() // it begins in the middle of a word
  expect(fits("👍-ideas", "👍")).toBe(1)
})

test("places and people are found by name and by a prefix for their kind, within the viewer's own", async () => {
  using app = await createTestChat()
  const { alice, bob, mallory } = app.cast
  await make(app, "größe")
  const lair = expectData(await mallory.client.mutate("createServer", { name: "Lair" }))
  expectData(await mallory.client.mutate("createChannel", { serverId: lair.id, name: "general" }))
  const asked = async (query: string, by = alice) =>
    (await findDestinations(app.database.db, by.id, { query, recent: [] })).map(
      ({ kind, name, hint }) => `${kind} ${name}, ${hint}`,
    )

  expect(await asked("gen")).toEqual(["channel general, Lab"])
  expect(await asked("GROSS")).toEqual(["channel größe, Lab"])
  expect(await asked("la")).toEqual(["server Lab, Server"])
  expect(await asked("*")).toEqual(["server Lab, Server"])
  expect(await asked("#bob")).toEqual([])
  expect(await asked("bo")).toEqual(["person bob, Message"])
  expect(await asked("mal")).toEqual([])
  expect(await asked("%")).toEqual([])
  expect(await asked("general", mallory)).toEqual(["channel general, Lair"])
  expectData(await alice.client.mutate("openConversation", { userIds: [bob.id] }))
  expect(await asked("@b")).toEqual(["conversation bob, Direct message"])
})

test("who asks for nothing is led to where they are meant, where they were, and where there is news", async () => {
  using app = await createTestChat()
  const { bob } = app.cast
  const [news, quiet, mine, last] = [
    await make(app, "news"),
    await make(app, "quiet"),
    await make(app, "mine"),
    await make(app, "last"),
  ]
  await say(app, news, "hello")
  await say(app, mine, "hey @bob")
  const places = async (query: string, here = app.general.id) =>
    (await findDestinations(app.database.db, bob.id, { query, recent: [last], here })).map(({ name }) => name)

  expect(await places("")).toEqual(["mine", "last", "news", "quiet"])
  expect(await places("", quiet)).not.toContain("quiet")
  expect(await places("quiet", quiet)).toEqual(["quiet"])
})

testOnSqlite(
  "a server with a thousand members and two hundred channels is looked through by index",
  async () => {
    using app = await createTestChat()
    const sqlite = sqliteOf(app.database)
    for (const [name, sql] of Object.entries(switcherReads(app.database.db))) {
      const plan = sqlite.query<{ detail: string }, []>(`explain query plan ${sql}`).all()
      expect(plan.length).toBeGreaterThan(2)
      const scans = plan.filter(({ detail }) => /^SCAN (?!counted$|found$|\(subquery)/.test(detail))
      expect([name, scans]).toEqual([name, []])
    }
  },
)

async function make({ cast, lab }: TestChat, name: string): Promise<string> {
  return expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name })).id
}

async function say({ cast, lab }: TestChat, channelId: string, content: string) {
  const place = { serverId: lab.id, channelId }
  const { token } = await cast.alice.client.connect("chat", place, {})
  await cast.alice.client.send("chat", place, token ?? "", { content })
}
