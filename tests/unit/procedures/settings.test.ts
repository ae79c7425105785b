import { describe, expect, test } from "bun:test"
import { eq } from "drizzle-orm"
import { userSettings } from "../../../drizzle/schema.ts"
import { defaultSettings, type Settings } from "../../../src/features/settings/contract.ts"
import { createTestChat, expectData, type Person } from "../../support/chat.ts"

const settingsOf = async ({ client }: Person) => expectData(await client.query("getSettings", null))
const change = async ({ client }: Person, settings: Partial<Settings>) =>
  expectData(await client.mutate("updateSettings", settings))

describe("settings", () => {
  test("have defaults until the user chooses", async () => {
    using app = await createTestChat()
    const { alice, bob } = app.cast
    expect(await settingsOf(bob)).toEqual(defaultSettings)

    const told = await change(bob, { theme: "dark", timeZone: "Asia/Tokyo" })
    await change(bob, { density: "compact" })

    expect(told).toEqual({ ...defaultSettings, theme: "dark", timeZone: "Asia/Tokyo" })
    expect(await settingsOf(bob)).toEqual({ ...told, density: "compact" })
    expect(await settingsOf(alice)).toEqual(defaultSettings)
  })

  test("that there are not change nothing", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const before = await change(bob, { sounds: "off" })
    const wrong = [
      { theme: "blue" },
      { timeZone: "Nowhere/Land" },
      { timeZone: "x".repeat(10_000) },
      { timeZone: "" },
      { timeFormat: "13h", theme: "dark" },
    ]

    for (const settings of wrong) {
      const { error } = await bob.client.mutate("updateSettings", settings as never)
      expect([settings, error?.code, error?.issues?.length]).toEqual([settings, 400, 1])
    }

    expect(await settingsOf(bob)).toEqual(before)
    expect(await change(bob, {})).toEqual(before)
  })

  test("that another version has stored count as far as this one knows them", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const settings = { theme: "dark", density: "huge", sounds: 7, added: { later: true } }
    await app.chat.commits.decide((tx) => tx.insert(userSettings).values({ userId: bob.id, settings }).run())

    expect(await settingsOf(bob)).toEqual({ ...defaultSettings, theme: "dark" })
    await change(bob, { density: "compact" })
    const stored = await app.chat.db.select().from(userSettings).where(eq(userSettings.userId, bob.id)).get()
    expect(stored?.settings).toEqual({ ...settings, density: "compact" })
  })

  test("are known with the session at once, and go with the account", async () => {
    using app = await createTestChat()
    const { bob } = app.cast
    const headers = new Headers({ authorization: `Bearer ${bob.token}` })
    const known = async () => (await app.chat.sessions.find(headers))?.settings
    expect(await known()).toBeUndefined()

    await change(bob, { theme: "light" })
    expect(await known()).toEqual({ ...defaultSettings, theme: "light" })

    expectData(await bob.client.mutate("deleteAccount", { password: "password" }))
    expect(await app.chat.db.select().from(userSettings).all()).toEqual([])
  })
})
