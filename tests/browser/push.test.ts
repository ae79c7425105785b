import { expect } from "bun:test"
import type { CDPSession, Page, Worker } from "playwright-core"
import { findMessage } from "../../src/features/messages/store.ts"
import { recordPushes } from "../../src/features/push/queue.ts"
import { pushSender } from "../../src/features/push/sender.ts"
import { type Stage, story, unreachable } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { startPushService } from "../support/push.ts"
import { say as tell } from "../support/say.ts"
import { expectAccessible } from "./accessible.ts"
import { eventually, live, message } from "./room.ts"

const service = startPushService()

story(
  "a browser turns on push, shows and withdraws notices, says when it is offline, and takes what is shared",
  async (stage) => {
    const { cast, open, general, proxy, expectTrouble } = stage
    expectTrouble(unreachable)
    const way = await proxy()
    const bob = await open(cast.bob, { isWhole: true, path: "/account/devices-for-push", url: way.origin })
    await bob.context().grantPermissions(["notifications"])
    await subscribeAt(bob, service.subscribe("chromium"))

    await bob.getByRole("button", { name: "Turn on push here" }).click()
    await bob.getByText("Push is on. Test it below.").waitFor()
    await expectAccessible(bob, "the devices")
    const worker = await workerOf(bob)
    const { deliver, errors } = await deliveryTo(bob)

    await bob.getByRole("button", { name: /^Test / }).click()
    await bob.getByText("A notification is on its way").waitFor()
    await eventually(async () => service.received.length, 1)
    await deliver(service.received.at(-1)?.content)
    // Errors are such as an icon that its policy forbids.
    const both = async () => ({ shown: await shownIn(worker), errors })
    await eventually(both, { shown: ["Covenant Chat: Push works on this device."], errors: [] })

    // What is shown while notices are listed is not forgotten.
    expect(await worker.evaluate(showWhileListing)).toEqual(
      Array.from({ length: 12 }, (_, at) => `notice-${at}`),
    )

    const messageId = await tell(stage, cast.alice, "Lunch, @bob")
    await notify(stage, messageId)
    await deliver(service.received.at(-1)?.content)
    await eventually(async () => (await shownIn(worker)).includes("#general · Lab: alice: Lunch, @bob"), true)

    // Answered in the notice, and read there.
    const { data } = service.received.at(-1)?.content.notification ?? {}
    await worker.evaluate(`send({ data: ${JSON.stringify(data)} }, "Coming")`)
    await worker.evaluate(`markRead(${JSON.stringify(data)})`)
    await eventually(async () => service.received.at(-1)?.content.withdraw, `channel-${general.id}`)
    await deliver(service.received.at(-1)?.content)
    await eventually(() => shownIn(worker), ["Covenant Chat: Push works on this device."])

    // What an open page shows is not shown again.
    const again = await tell(stage, cast.alice, "Again, @bob")
    const tag = `channel-${general.id}`
    const sentAt = (await findMessage(stage.chat.db, again))?.createdAt.getTime()
    const shownByPage = JSON.stringify({ tag, data: { sentAt } })
    await bob.evaluate(
      `navigator.serviceWorker.ready.then((it) => it.showNotification("By the page", ${shownByPage}))`,
    )
    await notify(stage, again)
    const pushed = JSON.stringify(service.received.at(-1)?.content)
    expect(pushed).toContain("Again, @bob")
    await worker.evaluate(`receive(${pushed})`)
    expect((await shownIn(worker)).filter((text) => !text.endsWith("on this device."))).toEqual([
      "By the page: ",
    ])
    await worker.evaluate(`closeNotices("${tag}")`)
    await worker.evaluate(`receive(${pushed})`)
    await eventually(async () => (await shownIn(worker)).includes("#general · Lab: alice: Again, @bob"), true)

    // Shared by another app: the worker keeps it until a channel is chosen.
    await bob.evaluate(`(() => {
      const form = new FormData()
      form.set("title", "A page")
      form.set("url", "https://example.org/")
      form.append("files", new File(["hello"], "notes.txt", { type: "text/plain" }))
      return fetch("/share", { method: "POST", body: form }).then(() => null)
    })()`)
    await bob.goto("/share")
    await eventually(
      () => bob.getByRole("textbox", { name: "Message" }).inputValue(),
      "A page\nhttps://example.org/",
    )
    await expectAccessible(bob, "sharing")
    await bob.getByRole("button", { name: "#general" }).click()
    await live(bob)
    await message(bob, "A page").getByText("notes.txt").waitFor()
    await message(bob, "Coming").waitFor()

    // What was read elsewhere goes when a page is open; in a thread it may be unread.
    const read = JSON.stringify({ data: { channelId: "read", sentAt } })
    const inThread = JSON.stringify({ data: { channelId: "thread", sentAt, isInThread: true } })
    await bob.evaluate(`navigator.serviceWorker.ready.then((it) => Promise.all([
      it.showNotification("Read", ${read}), it.showNotification("In a thread", ${inThread})]))`)
    expectData(await cast.bob.client.mutate("markChannelRead", { channelId: general.id }))
    await eventually(
      async () => (await shownIn(worker)).filter((text) => /^(Read|In a)/.test(text)),
      ["In a thread: "],
    )

    way.cut()
    await bob.goto("/search")
    await bob.getByRole("heading", { name: "Not connected" }).waitFor()
    expect(await bob.evaluate("getComputedStyle(document.querySelector('.panel')).borderRadius")).not.toBe(
      "0px",
    )
    way.restore()
    await bob.getByRole("link", { name: "Try again" }).click()
    await bob.getByRole("heading", { name: "Search" }).first().waitFor()
    expect(service.faults).toEqual([])
  },
  { PUSH_PRIVATE_HOSTS: "127.0.0.1" },
)

/** Headless Chromium reaches no push service: the browser's subscription is one of the test's own. */
async function subscribeAt(page: Page, { endpoint, ...keys }: ReturnType<typeof service.subscribe>) {
  const subscription = JSON.stringify({ endpoint, keys })
  await page.evaluate(`PushManager.prototype.subscribe = async () => ({ toJSON: () => (${subscription}) })`)
}

async function workerOf(page: Page): Promise<Worker> {
  const context = page.context()
  return context.serviceWorkers()[0] ?? context.waitForEvent("serviceworker")
}

/** Delivers to the page's service worker what its push service got; `errors` are those of the worker. */
async function deliveryTo(page: Page) {
  const session: CDPSession = await page.context().newCDPSession(page)
  const ids: string[] = []
  const errors: string[] = []
  session.on("ServiceWorker.workerErrorReported", ({ errorMessage }) => {
    errors.push(errorMessage.errorMessage)
  })
  session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    ids.push(...registrations.map(({ registrationId }) => registrationId))
  })
  await session.send("ServiceWorker.enable")
  await eventually(async () => ids.length > 0, true)
  const { origin } = new URL(page.url())
  const registrationId = ids.at(-1) ?? ""
  const deliver = (content: unknown) =>
    session.send("ServiceWorker.deliverPushMessage", {
      origin,
      registrationId,
      data: JSON.stringify(content),
    })
  return { deliver, errors }
}

/** Shows notices, each while others are withdrawn; returns the tags of those that are there, and closes them. */
const showWhileListing = `(async () => {
  const later = (ms, work) => new Promise((resolve) => setTimeout(() => resolve(work()), ms))
  const tags = Array.from({ length: 12 }, (_, at) => "notice-" + at)
  for (const tag of tags) {
    const shown = receive({ notification: { title: "Notice", tag, icon: "/app-icon.png", navigate: "/" } })
    await Promise.all([shown, ...tags.map((_, ms) => later(2 * ms, () => receive({ withdraw: "other" })))])
  }
  const all = await registration.getNotifications()
  const there = tags.filter((tag) => all.some((notice) => notice.tag === tag))
  for (const tag of there) await closeNotices(tag)
  return there
})()`

/** With the lock that the worker shows notices with, or Chromium would forget some of them. */
function shownIn(worker: Worker): Promise<string[]> {
  return worker.evaluate(`navigator.locks.request("notices", () => registration.getNotifications()).then((all) =>
    all.map(({ title, body }) => title + ": " + body))`)
}

/** What the notifier does, and ten seconds. */
async function notify({ chat, cast }: Stage, messageId: string): Promise<void> {
  const found = await findMessage(chat.db, messageId)
  if (!found) throw new Error("There is no such message")
  const notice = { userId: cast.bob.id, reason: "mention", message: found, isPushed: true } as const
  await chat.commits.decide((tx) => recordPushes(tx, [notice]))
  await chat.workers.get(pushSender).run(new Date(Date.now() + 11_000))
}
