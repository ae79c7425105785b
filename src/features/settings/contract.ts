import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { isZone } from "../../web/clocks.ts"

/** A user's preferences for pages. */
export const Settings = z.object({
  theme: z.enum(["system", "light", "dark"]),
  density: z.enum(["comfortable", "compact"]),
  /** An IANA name such as `Europe/Berlin`, or `automatic` for the browser's. */
  timeZone: z.string(),
  timeFormat: z.enum(["system", "24h", "12h"]),
  reducedMotion: z.enum(["system", "on"]),
  /** The messages for which a page in the background plays a sound. */
  sounds: z.enum(["off", "mentions", "all"]),
  /** Shortcuts without a modifier key, which speech input can trigger by accident (WCAG 2.1.4). */
  singleKeys: z.enum(["on", "off"]),
})
export type Settings = z.infer<typeof Settings>

export const defaultSettings: Settings = {
  theme: "system",
  density: "comfortable",
  timeZone: "automatic",
  timeFormat: "system",
  reducedMotion: "system",
  sounds: "mentions",
  singleKeys: "on",
}

/** The zone and format of the clock; `undefined` for those of the browser. */
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
  /** The viewer's settings. Fails: 401. */
  getSettings: query({ input: z.null(), output: Settings }),
  /** Changes the given settings and returns all of them. Fails: 401, 400. */
  updateSettings: mutation({
    input: Settings.extend({ timeZone: TimeZone }).partial(),
    output: Settings,
  }),
}
