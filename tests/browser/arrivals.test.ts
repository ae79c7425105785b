import { expect } from "bun:test"
import { story } from "../support/browser.ts"
import { composer, eventually, meet, message, say, texts } from "./room.ts"

/** How long the slow device takes for a frame with new messages. */
const slowMs = 60
/** Many frames. */
const momentMs = 100

/** Notes when the frames with new messages began and were done. */
const slowDevice = `
window.insertions = []
new MutationObserver(() => {
  const from = performance.now()
  while (performance.now() - from < ${slowMs});
  const [last, frame, to] = [insertions.at(-1), document.timeline.currentTime, performance.now()]
  if (last?.frame === frame) last.to = to
  else insertions.push({ frame, from, to })
}).observe(document.getElementById("messages"), { childList: true })`

/** A letter before each frame. */
const endlessTyping = `{
  const type = () => {
    document.getElementById("composer-content").dispatchEvent(new InputEvent("input", { bubbles: true }))
    requestAnimationFrame(type)
  }
  type()
  document.getElementById("room").addEventListener("htmx:ws:before:message:incoming", ({ detail }) => {
    if (String(detail.message.data).includes("a word")) window.arrivedAt = performance.now()
  })
  new MutationObserver(() => { window.shownAt ??= performance.now() })
    .observe(document.getElementById("messages"), { childList: true })
}`

story(
  "a slow device is free for twice as long as new messages take",
  async ({ cast, open }) => {
    const [alice, bob] = await meet(open, cast.alice, cast.bob)
    await alice.evaluate(slowDevice)

    const said = Array.from({ length: 20 }, (_, i) => `message ${i}`)
    for (const text of said) await say(bob, text)

    // Each is sent once the one before it is stored.
    await message(alice, "message 19").waitFor()
    await eventually(() => texts(alice), said)
    const insertions = await alice.evaluate<{ from: number; to: number }[]>("insertions")
    expect(insertions.length).toBeGreaterThan(1) // or the next assertion proves nothing
    const pauses = insertions.slice(1).map(({ from }, i) => from - (insertions[i]?.to ?? 0))
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2 * slowMs)
  },
  { RATE_LIMIT_MESSAGES: "off" },
)

story("what somebody types is painted before new messages, for a moment", async ({ cast, open }) => {
  const [alice, bob] = await meet(open, cast.alice, cast.bob)
  await composer(bob).fill("a word")
  await alice.getByText("bob is typing…").waitFor()
  await alice.evaluate(endlessTyping)

  await composer(bob).press("Enter")
  await message(alice, "a word").waitFor()

  expect(await alice.evaluate<number>("shownAt - arrivedAt")).toBeGreaterThanOrEqual(momentMs)
})
