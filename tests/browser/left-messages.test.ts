import { expect } from "bun:test"
import { type Stage, story, unreachable } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { channelLink, eventually, live, message, pending, say, texts } from "./room.ts"

/**
 * Bob writes messages, of which the first is stored at once, but its confirmation does not reach him, nor does anything else
 * over this socket. There is a channel "other".
 */
async function writeUnconfirmed({ cast, lab, open, roomPath, general }: Stage, ...contents: string[]) {
  expectData(await cast.alice.client.mutate("createChannel", { serverId: lab.id, name: "other" }))
  const bob = await open(cast.bob, { path: "/account" })
  let sockets = 0
  let isHeld = false
  await bob.routeWebSocket(/./, (socket) => {
    const isFirst = sockets++ === 0
    socket.connectToServer().onMessage((data) => {
      if (!isFirst || !isHeld) socket.send(data)
    })
  })
  await bob.goto(roomPath)
  await live(bob)
  isHeld = true
  for (const content of contents) await say(bob, content)

  const stored = async () => {
    const messages = expectData(await cast.alice.client.query("getMessages", { channelId: general.id }))
    return messages.map(({ content }) => content)
  }
  await eventually(stored, contents.slice(0, 1))
  return { bob, stored }
}

story("messages are sent also when their room is left before they are confirmed", async (stage) => {
  const { bob, stored } = await writeUnconfirmed(stage, "one", "two", "three")
  await channelLink(bob, "other").click()
  await channelLink(bob, "general").waitFor()
  expect(await stored()).toEqual(["one", "two", "three"])

  await channelLink(bob, "general").click()
  await eventually(() => texts(bob), ["one", "two", "three"])
  await live(bob)
  await say(bob, "four")
  await eventually(stored, ["one", "two", "three", "four"])
  await eventually(() => pending(bob).count(), 0)
})

story("messages are sent from a page that shows no room, too", async (stage) => {
  const { bob, stored } = await writeUnconfirmed(stage, "one", "two")
  await bob.goto("/account")
  await eventually(stored, ["one", "two"])
})

story("a message that is refused after its room was left says so there", async (stage) => {
  const { cast, lab, expectTrouble } = stage
  expectTrouble(/403/)
  const { bob } = await writeUnconfirmed(stage, "one", "two")
  const bobInLab = { serverId: lab.id, userId: cast.bob.id }
  expectData(await cast.alice.client.mutate("timeOutMember", { ...bobInLab, seconds: 3600 }))

  const refused = bob.waitForResponse((response) => response.status() === 403)
  await channelLink(bob, "other").click()
  await refused
  await channelLink(bob, "general (not sent)").click()
  await message(bob, "two").getByText("You are timed out").waitFor()
  await message(bob, "two").getByRole("button", { name: "Try again" }).waitFor()
  await eventually(() => texts(bob), ["one", "two"])
})

story("a page sends nothing for another account that has logged in since", async (stage) => {
  const { cast, open, proxy, cookieOf, expectTrouble } = stage
  expectTrouble(unreachable)
  const way = await proxy()
  const alice = await open(cast.alice, { url: way.origin })
  await live(alice)
  const logIn = async (person: typeof cast.alice) => {
    const cookie = { name: "covenant.session_token", value: cookieOf(person), url: way.origin }
    await alice.context().addCookies([{ ...cookie, httpOnly: true, sameSite: "Lax" }])
  }

  way.cut()
  await say(alice, "by alice")
  await logIn(cast.bob)
  way.restore()
  await alice.getByRole("status").getByText("You are logged out").waitFor()
  await alice.goto("/account")
  await alice.getByRole("heading", { name: "Account" }).waitFor()
  const bob = await open(cast.bob)
  await live(bob)
  expect(await texts(bob)).toEqual([])

  await logIn(cast.alice)
  await alice.reload()
  await message(bob, "by alice").waitFor()
  expect(await message(bob, "by alice").getAttribute("data-author")).toBe(cast.alice.id)
})
