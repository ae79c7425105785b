import type { Page } from "playwright-core"
import { notifier } from "../../src/features/notifications/notifier.ts"
import { type Stage, story } from "../support/browser.ts"
import { expectData } from "../support/chat.ts"
import { say as tell } from "../support/say.ts"
import { eventually, live, message } from "./room.ts"

story("a message shows one notice over all tabs, and none where it is muted", async (stage) => {
  const { cast, chat, general, lab, open, roomPath, second } = stage
  await chat.workers.get(notifier).start()
  const [tea, coffee] = [await makeChannel(stage, "tea"), await makeChannel(stage, "coffee")]
  const replyTo = await tell(tea, cast.bob, "who makes some?")
  expectData(await cast.bob.client.mutate("updateNotificationSettings", { keywords: ["milk"] }))
  const bob = await open(cast.bob, { isWhole: true, path: "/account/notifications" })
  const [shown, tones] = [await noteNotices(bob), await noteTones(bob)]
  await bob.reload()
  await bob.getByRole("button", { name: "Show notifications" }).click()
  await bob.getByText("Notifications are on in this browser.").waitFor()

  const other = await bob.context().newPage()
  // Nobody has touched it, so the browser lets it make no sound, and it is always the first.
  await other.addInitScript(`
    Object.defineProperty(navigator, "userActivation", { value: { hasBeenActive: false } })
    Math.random = () => 0`)
  for (const page of [bob, other]) {
    await page.goto(roomPath)
    await live(page)
  }
  await tell(tea, cast.alice, "@bob, tea?")
  await eventually(async () => shown(), ["alice in #tea (Lab): @bob, tea?"])
  const [step, sounded] = [[659, 988], "Date.now() - JSON.parse(localStorage.sounded) > 1000"]
  await eventually(async () => tones(), step)
  // There is a pause after a sound.
  await eventually(() => bob.evaluate(sounded), true)

  // What notifies nobody is only unread; a reply and a keyword notify as a mention does.
  await tell(tea, cast.alice, "for everyone else, too")
  await tell(tea, cast.alice, "here it is", { replyTo })
  for (const page of [bob, other]) await channel(page, /^tea \(\d unread, 2 for you\)$/).waitFor()
  await eventually(async () => shown().slice(1), ["alice in #tea (Lab): here it is"])
  await eventually(async () => tones(), [...step, ...step])
  await eventually(() => bob.evaluate(sounded), true)
  await tell(tea, cast.alice, "with some Milk?")
  await eventually(async () => shown().slice(2), ["alice in #tea (Lab): with some Milk?"])
  await eventually(async () => tones(), [...step, ...step, ...step])

  // Muted in one tab, it is neither bold nor pops up in any; a mention still counts.
  await bob.goto(`/servers/${lab.id}/channels/${tea.room.channelId}/notifications`)
  await bob.getByLabel("Mute").selectOption("For 1 hour")
  await bob.getByRole("button", { name: "Save" }).click()
  await live(bob)
  await bob.goto(roomPath)
  await live(bob)
  for (const page of [bob, other]) await channel(page, /^tea/).and(page.locator(".muted")).waitFor()
  await tell(tea, cast.alice, "not so loud")
  await tell(tea, cast.alice, "@bob, quietly")
  for (const page of [bob, other]) await channel(page, /^tea \((\d) unread, \1 for you\)$/).waitFor()
  await tell(coffee, cast.alice, "@bob, coffee then")
  await eventually(async () => shown().slice(3), ["alice in #coffee (Lab): @bob, coffee then"])

  // In the channel that is looked at nothing pops up.
  await tell(stage, cast.alice, "@bob, look")
  for (const page of [bob, other]) await message(page, "@bob, look").waitFor()
  await tell(coffee, cast.alice, "@bob, and milk?")
  await eventually(async () => shown().slice(4), ["alice in #coffee (Lab): @bob, and milk?"])

  // What no page shows any more is pushed: each says when it is hidden, whatever it is live over.
  const room = { userId: cast.bob.id, channelId: general.id }
  const isOnScreen = async () => (await second.shownRooms.which([room])).length > 0
  await eventually(isOnScreen, true)
  for (const page of [bob, other]) await turnHidden(page, true)
  await eventually(isOnScreen, false)
  await turnHidden(other, false)
  await eventually(isOnScreen, true)
  await other.close()
  await bob.goto(`${roomPath}?transport=sse`)
  await live(bob, "sse")
  await turnHidden(bob, true)
  await eventually(isOnScreen, false)
  await live(bob, "sse")
})

/** What a browser does when another tab is looked at. */
const turnHidden = (page: Page, isHidden: boolean) =>
  page.evaluate(`{
    Object.defineProperty(document, "hidden", { get: () => ${isHidden}, configurable: true })
    document.dispatchEvent(new Event("visibilitychange"))
  }`)

const channel = (page: Page, name: string | RegExp) =>
  page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name, exact: true })

async function makeChannel({ cast, lab }: Stage, name: string) {
  const made = await cast.alice.client.mutate("createChannel", { serverId: lab.id, name })
  return { room: { serverId: lab.id, channelId: expectData(made).id } }
}

/** Notes what the browser shows from now on, in all tabs. */
async function noteNotices(page: Page): Promise<() => string[]> {
  const shown: string[] = []
  const context = page.context()
  await context.grantPermissions(["notifications"])
  await context.exposeFunction("noteNotice", (text: string) => void shown.push(text))
  await context.addInitScript(`
    window.Notification = class extends Notification {
      constructor(title, options) {
        super(title, options)
        noteNotice(title + ": " + options.body)
      }
    }`)
  return () => [...shown]
}

/** Notes the tones that are played from now on, in all tabs, in hertz. */
async function noteTones(page: Page): Promise<() => number[]> {
  const heard: number[] = []
  const context = page.context()
  await context.exposeFunction("noteTone", (hertz: number) => void heard.push(hertz))
  await context.addInitScript(`{
    const { start } = OscillatorNode.prototype
    OscillatorNode.prototype.start = function (at) {
      noteTone(Math.round(this.frequency.value))
      start.call(this, at)
    }
  }`)
  return () => [...heard]
}
