import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { isZone } from "../../web/clocks.ts"

/** How a person wants their pages. */
export const Settings = z.object({
  theme: z.enum(["system", "light", "dark"]),
  density: z.enum(["comfortable", "compact"]),
  /** An IANA name such as `Europe/Berlin`, or `automatic`: where the browser is. */
  timeZone: z.string(),
  timeFormat: z.enum(["system", "24h", "12h"]),
  reducedMotion: z.enum(["system", "on"]),
  /** What makes a sound while one looks elsewhere: nothing, what is meant for one, or every message. */
  sounds: z.enum(["off", "mentions", "all"]),
  /** Shortcuts of one key alone, which speech input may press unasked (WCAG 2.1.4). */
  singleKeys: z.enum(["on", "off"]),
})
export type Settings = z.infer<typeof Settings>

/** As they come. */
export const defaultSettings: Settings = {
  theme: "system",
  density: "comfortable",
  timeZone: "automatic",
  timeFormat: "system",
  reducedMotion: "system",
  sounds: "mentions",
  singleKeys: "on",
}

/** What they say of one's clock; the rest is as one's browser has it. */
export function clockIn({ timeZone, timeFormat } = defaultSettings): { zone?: string; isTwelve?: boolean } {
  return {
    zone: timeZone === "automatic" ? undefined : timeZone,
    isTwelve: timeFormat === "system" ? undefined : timeFormat === "12h",
  }
}

const TimeZone = z
  .string()
  .refine((name) => name === "automatic" || isZone(name), "There is no such time zone")

export const settingsContract = {
  /** How the viewer wants their pages. Fails: 401. */
  getSettings: query({ input: z.null(), output: Settings }),
  /** Changes those that are given; answers with all, as they are then. Fails: 401, 400. */
  updateSettings: mutation({
    input: Settings.extend({ timeZone: TimeZone }).partial(),
    output: Settings,
  }),
}
