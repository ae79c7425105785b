import { expect } from "bun:test"
import { story, unreachable } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { banner, composer, eventually, live, meet, member, message, pending, say, texts } from "./room.ts"
import { listenTo } from "./speech.ts"

story("messages written offline are stored, and sent once", async ({ cast, open, proxy, expectTrouble }) => {
  expectTrouble(unreachable)
  const way = await proxy()
  const [bob] = await meet(open, cast.bob)
  const alice = await open(cast.alice, { url: way.origin })
  await live(alice)

  way.cut()
  await alice.locator("#room:not([data-live])").waitFor()
  expect(await banner(alice).textContent()).toBe("")
  await say(alice, "one")
  await say(alice, "two")
  await message(alice, "two").waitFor()
  expect(await pending(alice).count()).toBe(2)
  expect(await composer(alice).isEnabled()).toBe(true)
  await banner(alice).getByText("Connection lost").waitFor()
  await say(bob, "anyone here?")
  await message(bob, "anyone here?").waitFor()
  expect(await texts(bob)).toEqual(["anyone here?"])

  way.restore()
  await banner(alice).getByRole("button", { name: "Try now" }).click()

  await eventually(() => texts(bob), ["anyone here?", "one", "two"])
  await eventually(() => texts(alice), ["anyone here?", "one", "two"])
  await eventually(() => pending(alice).count(), 0)
  expect(await banner(alice).textContent()).toBe("")
})

story("a socket without a network is dropped at once", async ({ cast, open, expectTrouble }) => {
  expectTrouble(unreachable)
  const [alice, bob] = await meet(open, cast.alice, cast.bob)

  await bob.context().setOffline(true) // the socket stays open
  await banner(bob).getByText("Connection lost").waitFor()
  await say(alice, "meanwhile")
  await say(bob, "kept")
  await message(alice, "meanwhile").waitFor()
  expect(await texts(alice)).toEqual(["meanwhile"])
  await bob.context().setOffline(false)

  await eventually(() => texts(alice), ["meanwhile", "kept"])
  await eventually(() => texts(bob), ["meanwhile", "kept"])
  expect(await banner(bob).textContent()).toBe("")
})

for (const transport of ["ws", "sse"] as const) {
  story(
    `by ${transport}, a reconnected page shows who left and what was sent meanwhile`,
    async ({ cast, lab, roomPath, open, proxy, expectTrouble }) => {
      expectTrouble(unreachable)
      const way = await proxy()
      const [bob, witness] = await meet(open, cast.bob, cast.alice)
      const alice = await open(cast.alice, { url: way.origin, path: `${roomPath}?transport=${transport}` })
      await live(alice, transport)
      await member(alice, "bob").locator('[data-status="online"]').waitFor()

      way.cut()
      await alice.locator("#room:not([data-live])").waitFor()
      await bob.close()
      await member(witness, "bob").locator('[data-status="offline"]').waitFor()
      expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "meanwhile" }))
      way.restore()
      await alice.evaluate("dispatchEvent(new Event('online'))")

      await live(alice, transport)
      await member(alice, "bob").locator('[data-status="offline"]').waitFor()
      expect(await member(alice, "alice").locator('[data-status="online"]').count()).toBe(1)
      await alice.getByRole("link", { name: "meanwhile" }).waitFor()
    },
  )
}

story("waiting messages and drafts survive a reload", async ({ cast, lab, open, proxy, expectTrouble }) => {
  expectTrouble(unreachable)
  const created = await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "random" })
  expect(created.success).toBe(true)
  const way = await proxy()
  const [bob] = await meet(open, cast.bob)
  const alice = await open(cast.alice, { url: way.origin })
  await live(alice)

  way.cut()
  await say(alice, "sent later")
  await composer(alice).fill("half a thou")
  await alice.reload().catch(() => null)
  await alice.waitForURL("chrome-error://chromewebdata/")
  way.restore()
  await alice.goto((await bob.evaluate("location.pathname")) as string)

  await eventually(() => texts(bob), ["sent later"])
  await eventually(() => texts(alice), ["sent later"])
  expect(await composer(alice).inputValue()).toBe("half a thou")
  await alice.getByRole("link", { name: "random" }).click()
  await alice.getByRole("heading", { name: "random" }).waitFor()
  await live(alice)
  expect(await composer(alice).inputValue()).toBe("")
  await alice.getByRole("link", { name: "general" }).click()
  await alice.getByRole("heading", { name: "general" }).waitFor()
  expect(await composer(alice).inputValue()).toBe("half a thou")
  expect(await texts(alice)).toEqual(["sent later"])
})

story(
  "messages over the rate limit are retried automatically",
  async ({ cast, open, proxy, expectTrouble }) => {
    expectTrouble(unreachable)
    const way = await proxy()
    const [bob] = await meet(open, cast.bob)
    const alice = await open(cast.alice, { url: way.origin })
    await live(alice)
    const heard = await listenTo(alice)
    const said = ["one", "two", "three", "four", "five"]

    // Sent together when the connection is back, so that they are too fast on any machine.
    way.cut()
    await alice.locator("#room:not([data-live])").waitFor()
    for (const text of said) await say(alice, text)
    way.restore()
    await eventually(async () => (await heard()).some((line) => line.includes("Retrying in")), true)

    await eventually(() => texts(bob), said)
    await eventually(() => pending(alice).count(), 0)
    expect(await texts(alice)).toEqual(said)
    expect(await alice.getByRole("alert").count()).toBe(0)
  },
  { RATE_LIMIT_MESSAGES: "3/3s" },
)

story("a refused message can be retried or discarded", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)

  // As in a page that was loaded when the limit was higher.
  await composer(alice).evaluate((box) => box.setAttribute("data-max-length", "9999"))
  await say(alice, "long".repeat(501))
  const refused = alice.getByRole("article").filter({ hasText: "at most 2000 characters" })
  await refused.waitFor()
  await say(alice, "short")
  await message(bob, "short").waitFor()
  expect(await texts(bob)).toEqual(["short"])

  await refused.getByRole("button", { name: "Try again" }).click()
  await refused.getByText("not sent").waitFor()
  await refused.getByRole("button", { name: "Discard" }).click()

  await refused.waitFor({ state: "detached" })
  await alice.reload()
  await live(alice)
  expect(await texts(alice)).toEqual(["short"])
})

story("messages to a room that is no longer accessible fail and can be copied", async (stage) => {
  const { cast, lab, open, expectTrouble } = stage
  expectTrouble(unreachable)
  const way = await stage.proxy()
  const bob = await open(cast.bob, { url: way.origin })
  await live(bob)
  way.cut()
  await say(bob, "too late")
  await message(bob, "sending").waitFor()

  const removal = await cast.alice.client.mutate("removeMember", { serverId: lab.id, userId: cast.bob.id })
  expect(removal.success).toBe(true)
  way.restore()

  await banner(bob).getByText("You are no longer a member").waitFor()
  await message(bob, "not sent").getByRole("button", { name: "Copy" }).waitFor()
  await say(bob, "still here?")
  await message(bob, "still here?").getByText("not sent").waitFor()
  await message(bob, "too late").getByRole("button", { name: "Discard" }).click()
  expect(await texts(bob)).toEqual(["still here?"])
  await message(bob, "still here?").getByRole("button", { name: "Try again" }).click()
  await message(bob, "still here?").getByText("not sent").waitFor()
})

story("nothing is lost when the server restarts", async (stage) => {
  const { cast, open, expectTrouble } = stage
  expectTrouble(unreachable)
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  await alice.evaluate("window.isSamePage = true")
  await say(alice, "before")
  await message(bob, "before").waitFor()

  await stage.stop()
  await alice.locator("#room:not([data-live])").waitFor()
  await say(alice, "meanwhile")
  await say(bob, "mine too")
  expect(await pending(bob).count()).toBe(1)
  await stage.start()

  await Promise.all([live(alice), live(bob)])
  await message(alice, "mine too").waitFor()
  await message(bob, "meanwhile").waitFor()
  await eventually(async () => (await pending(alice).count()) + (await pending(bob).count()), 0)
  await say(alice, "after")
  await message(bob, "after").waitFor()
  const said = await texts(bob)
  expect(said.toSorted()).toEqual(["after", "before", "meanwhile", "mine too"])
  expect(await texts(alice)).toEqual(said)
  expect(await alice.evaluate("window.isSamePage")).toBe(true)
})
