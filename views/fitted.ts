import { inClock } from "../src/web/clock.ts"
import type { Viewer } from "./layout.tsx"

/** As `views/files.tsx` has it on what stands in for an animation. */
const forStillness = 'media="(prefers-reduced-motion: reduce)"'

/**
 * What is rendered once for everyone, as one of them wants it who may have no script that would see to that: times by
 * their clock, and pictures that stand still.
 */
export function fitted(markup: string, { clock, settings }: Pick<Viewer, "clock" | "settings">): string {
  const timed = inClock(markup, clock)
  return settings?.reducedMotion === "on" ? timed.replaceAll(forStillness, 'media="all"') : timed
}

/** Whom the same markup fits. */
export function sizeOf({ clock, settings }: Pick<Viewer, "clock" | "settings">): string {
  return `${clock.key} ${settings?.reducedMotion ?? "system"}`
}
