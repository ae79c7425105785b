/** @import { AnswerFrame, PageFrame } from "../src/web/live/frames.ts" */

/**
 * The events that modules of a page send each other on `document`, with their details.
 *
 * The server sends four of them, by the header `hx-trigger`: `dialog:close`, `composer:done` (its message was scheduled with these files), `log:newest` (the log now shows its end, as
 * of that change) and `log:unread` (everything from that message on is unread again; it may come after its channel was left).
 * @typedef {{
 *   "live:up": undefined,
 *   "live:down": undefined,
 *   "live:answer": AnswerFrame,
 *   "live:frame": Exclude<PageFrame, AnswerFrame | { type: "live" }>,
 *   "message:stored": undefined,
 *   "log:pending": undefined,
 *   "log:moved": undefined,
 *   "log:newest": { seq: number },
 *   "log:read": { position: number },
 *   "log:all-read": undefined,
 *   "log:unread": { messageId: string, channelId: string },
 *   "reading:news": { serverId: string, channelId: string, to: number, isForViewer: boolean },
 *   "composer:reply": { messageId: string },
 *   "composer:done": { files: string[] },
 *   "stored:changed": { key: string },
 *   "appearance:changed": undefined,
 *   "dialog:close": undefined,
 * }} PageEvents
 */

/**
 * @template {keyof PageEvents} Name
 * @param {Name} name
 * @param {PageEvents[Name] extends undefined ? [] : [detail: PageEvents[Name]]} detail
 */
export function emit(name, ...[detail]) {
  document.dispatchEvent(new CustomEvent(name, { detail }))
}

/**
 * @template {keyof PageEvents} Name
 * @param {Name} name
 * @param {(detail: PageEvents[Name]) => void} listener
 * @param {AbortSignal} [signal] ends listening
 */
export function on(name, listener, signal) {
  document.addEventListener(
    name,
    (event) => listener(/** @type {CustomEvent<PageEvents[Name]>} */ (event).detail),
    { signal },
  )
}
