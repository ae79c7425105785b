import type { TimeStyle } from "../src/web/clock.ts"
import type { PageViewer } from "./layout.tsx"
import { timeHtml } from "./times.tsx"

/** What shared markup is adapted to. */
export type Localization = Pick<PageViewer, "clock" | "settings">

/** Times as `timeHtml` writes them without a clock: of a message, or another. Text of people cannot match: its quotes are escaped. */
const sharedTime =
  /<time datetime="(\d{4}-[^".]+Z)"><\/time>|<time(?: data-style="(\w)")? datetime="(\d{4}-[^"]+\.\d+Z)">[^<]*<\/time>/g

/** The condition under which `views/files.tsx` shows a still picture in place of an animation. */
const stillMedia = 'media="(prefers-reduced-motion: reduce)"'

/**
 * Adapts markup that was rendered once for everyone to one viewer, whose browser may run no script: times by their
 * clock, and still pictures for those who chose reduced motion.
 */
export function localize(html: string, { clock, settings }: Localization): string {
  const timed = html.replace(sharedTime, (_, ofMessage?: string, style?: TimeStyle, other?: string) =>
    ofMessage === undefined
      ? timeHtml(new Date(other ?? ""), style ?? "date", clock)
      : timeHtml(new Date(ofMessage), "clock", clock),
  )
  return prefersStill({ settings }) ? timed.replaceAll(stillMedia, 'media="all"') : timed
}

/** Did the viewer choose reduced motion? Where they did not, the style sheets ask their system. */
export function prefersStill({ settings }: Pick<PageViewer, "settings">): boolean {
  return settings?.reducedMotion === "on"
}

/** Viewers with the same key get the same localized markup. */
export function variantKey({ clock, settings }: Localization): string {
  return `${clock.key} ${settings?.reducedMotion ?? "system"}`
}
