import type { Browser } from "playwright-core"
import type { Column, Figures } from "../run.ts"
import { type Device, type MeasuredPage, metricsOf, openRoom, sizeOf } from "./measured-page.ts"
import { type Site, startTalk } from "./sites.ts"

/** One thing that is measured in a browser, with its figures. */
export interface Measurement {
  name: string
  columns: (Column & { target?: string })[]
  rounds: number
  /** The processor and the network do not matter to it. */
  isUnslowedOnly?: boolean
  measure(room: MeasuredPage, site: Site): Promise<Figures>
}

/** Messages that arrive each second while somebody types. */
const talkPerSecond = 50
const letters = 55
const letterMs = 100
/** How long somebody looks at a link before they click, and holds the button. */
const hoverMs = 250
const holdMs = 60
const switches = 5
const betweenSwitchesMs = 300
const scrolledPages = 10
/** An hour of a busy room: fifty messages a minute. */
const hourMessages = 3000
/** Before that the page is filled up to where it is bounded. */
const fillingMessages = 600
const fillPerSecond = 200
const longFrameMs = 50
const maxScrollSeconds = 60
/** A measurement that takes longer has no figure. */
const maxSeconds = 90

const loading: Measurement = {
  name: "load",
  columns: [
    { name: "first contentful paint, ms", target: "1,200" },
    { name: "largest contentful paint, ms" },
    { name: "until one can write, ms" },
    { name: "main thread until then, ms" },
  ],
  rounds: 3,
  async measure(room) {
    const { taskMs } = await metricsOf(room)
    // The largest paint may follow.
    await Bun.sleep(500)
    const paints = await room.probe<Record<"first" | "largest" | "writable", number>>("probe.paints()")
    return {
      "first contentful paint, ms": paints.first,
      "largest contentful paint, ms": paints.largest,
      "until one can write, ms": paints.writable,
      "main thread until then, ms": taskMs,
    }
  },
}

const switching: Measurement = {
  name: "switch",
  columns: [{ name: "switch, click to painted, ms", target: "300" }, { name: "slowest of five, ms" }],
  rounds: 3,
  async measure({ page, probe, until }, { paths }) {
    const times: number[] = []
    for (let i = 0; i < switches; i++) {
      const link = page.locator(`a[href="${paths[(i + 1) % 2]}"]`).first()
      const box = await link.boundingBox()
      if (!box) throw new Error("The link to the other room is not there")
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
      await Bun.sleep(hoverMs)
      await page.mouse.down()
      await Bun.sleep(holdMs)
      await page.mouse.up()
      await until("window.probe?.switchMs > 0")
      times.push(await probe<number>("probe.switchMs"))
      // Until the room is live and nothing is left to do.
      await until("document.querySelector('#room[data-live]')")
      await Bun.sleep(betweenSwitchesMs)
      await page.mouse.move(700, 300)
    }
    times.sort((a, b) => a - b)
    return {
      "switch, click to painted, ms": times[Math.floor(times.length / 2)],
      "slowest of five, ms": times.at(-1),
    }
  },
}

const typing: Measurement = {
  name: "typing",
  columns: [
    { name: "key to letter, p98, ms", target: "100" },
    { name: "key to letter, median, ms" },
    { name: "main thread for a message, ms", digits: 2 },
    { name: "frames over 50 ms while typing" },
    { name: "longest frame while typing, ms", target: "100" },
  ],
  rounds: 3,
  async measure(room, site) {
    const { page, probe } = room
    await page.locator("#composer-content").click()
    const talk = await startTalk(site, talkPerSecond)
    try {
      await Bun.sleep(1000)
      await probe("probe.interactions.clear(); probe.recordFrames()")
      const [before, said] = [await metricsOf(room), talk.count()]
      await typeLetters(room)
      const [after, saidThen] = [await metricsOf(room), talk.count()]
      const durations = await probe<number[]>("[...probe.interactions.values()]")
      // Those below 16 ms are not reported.
      const all = [...durations, ...Array<number>(Math.max(0, letters - durations.length)).fill(8)]
      all.sort((a, b) => a - b)
      const frames = await longFrames(room)
      return {
        "key to letter, p98, ms": all[Math.floor(all.length * 0.98)],
        "key to letter, median, ms": all[Math.floor(all.length / 2)],
        "main thread for a message, ms": (after.taskMs - before.taskMs) / (saidThen - said),
        "frames over 50 ms while typing": frames.count,
        "longest frame while typing, ms": frames.longest,
      }
    } finally {
      talk.stop()
    }
  },
}

/** At a fixed pace, whatever the page is busy with. */
async function typeLetters({ page }: MeasuredPage): Promise<void> {
  const pressed: Promise<void>[] = []
  for (let i = 0; i < letters; i++) {
    pressed.push(page.keyboard.press(String.fromCharCode(97 + (i % 26))))
    await Bun.sleep(letterMs)
  }
  await Promise.all(pressed)
  // Events are reported with a frame.
  await Bun.sleep(500)
}

const scrolling: Measurement = {
  name: "scrolling",
  columns: [
    { name: "scrolling back ten pages: frames over 50 ms" },
    { name: "the longest frame, ms", target: "100" },
    { name: "seconds", digits: 1 },
  ],
  rounds: 3,
  async measure(room) {
    const { page, probe } = room
    let loaded = 0
    page.on("response", (response) => {
      if (response.url().includes("before=")) loaded++
    })
    await page.mouse.move(700, 400)
    await probe("probe.recordFrames()")
    const startedAt = performance.now()
    const seconds = () => (performance.now() - startedAt) / 1000
    while (loaded < scrolledPages && seconds() < maxScrollSeconds) {
      await page.mouse.wheel(0, -500)
      await Bun.sleep(50)
    }
    const taken = seconds()
    await Bun.sleep(500)
    const frames = await longFrames(room)
    return {
      "scrolling back ten pages: frames over 50 ms": frames.count,
      "the longest frame, ms": frames.longest,
      seconds: loaded < scrolledPages ? null : taken,
    }
  },
}

async function longFrames({ probe }: MeasuredPage) {
  const frames = await probe<number[]>("probe.frames")
  return { count: frames.filter((ms) => ms > longFrameMs).length, longest: Math.max(...frames) }
}

const memoryAt = (place: "end" | "history"): Measurement => {
  const where = place === "end" ? "" : ", reading history"
  const [heap, growth, nodes, more] = [
    "heap after an hour, MB",
    "its growth, %",
    "nodes",
    "their growth, %",
  ].map((name) => `${name}${where}`) as [string, string, string, string]
  return {
    name: place === "end" ? "memory" : "memory-history",
    columns: [
      { name: heap, digits: 1 },
      { name: growth, target: "flat" },
      { name: nodes },
      { name: more, target: "flat" },
    ],
    rounds: 1,
    isUnslowedOnly: true,
    async measure(room, site) {
      await say(site, fillingMessages)
      if (place === "history") {
        await room.page.mouse.move(700, 400)
        for (let i = 0; i < 5; i++) await room.page.mouse.wheel(0, -300)
        await Bun.sleep(500)
      }
      const before = await sizeOf(room)
      await say(site, hourMessages)
      const after = await sizeOf(room)
      return {
        [heap]: after.heapBytes / 1e6,
        [growth]: (after.heapBytes / before.heapBytes - 1) * 100,
        [nodes]: after.nodes,
        [more]: (after.nodes / before.nodes - 1) * 100,
      }
    },
  }
}

async function say(site: Site, count: number): Promise<void> {
  const talk = await startTalk(site, fillPerSecond)
  while (talk.count() < count) await Bun.sleep(20)
  await Bun.sleep(1000)
  talk.stop()
}

export const measurements: Measurement[] = [
  loading,
  switching,
  typing,
  scrolling,
  memoryAt("end"),
  memoryAt("history"),
]

/** Measures one thing once, in a profile of its own. */
export async function measureOnce(
  { measure }: Measurement,
  { browser, site, device }: { browser: Browser; site: Site; device: Device },
): Promise<Figures> {
  const room = await openRoom(browser, site, device)
  // A page that is never done does not answer either.
  const limit = setTimeout(() => room.close(), maxSeconds * 1000)
  try {
    return await measure(room, site)
  } finally {
    clearTimeout(limit)
    await room.close()
  }
}
