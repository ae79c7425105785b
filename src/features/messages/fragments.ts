import type { Message } from "./contract.ts"

type MessageId = Pick<Message, "id">

/** Inserts messages by position into a page that shows the end of the log. */
export const insertion = {
  open: `<hx-upsert hx-target="#messages[data-live]" key="data-position" sort>`,
  close: "</hx-upsert>",
}

/** Replaces a message on pages that show it. */
export function replacement({ id }: MessageId, html: string): string {
  return `<hx-partial hx-target="#message-${id}" hx-swap="outerHTML">${html}</hx-partial>`
}

/**
 * Wraps a message in a slot, so that a page without script can change it later. A stream can only be appended to, but
 * `<template for>` replaces the content between the markers of that name (WICG declarative partial updates, in
 * Chromium since 2026). The radio buttons are the fallback for other browsers: of one name only one is checked, so
 * the newer version at the end of the page unchecks the older, which the style sheet then hides. Browsers with slots
 * remove the fallback.
 */
export function streamSlot({ id }: MessageId, html: string): string {
  return `<?start name="message-${id}"><div class="version">${latest(id)}${html}</div><?end>`
}

/** Puts a newer version of a message into its slot, and at the end of the page for browsers that have no slots. */
export function streamPatch(message: MessageId & Pick<Message, "seq">, html: string): string {
  const { id, seq } = message
  const name = `fallback-${id}-${seq}`
  const fallback = `<?start name="${name}"><div class="version">${latest(id)}${withoutIds(html)}</div><?end>`
  // The slot comes last: of two checked buttons the later wins, and the fallback's button is about to be removed.
  return `${fallback}<template for="${name}"></template><template for="message-${id}">${streamSlot(message, html)}</template>`
}

function latest(id: string): string {
  return `<input type="radio" name="version-${id}" checked disabled hidden>`
}

/** The page still contains the version that the fallback replaces, and ids must be unique. */
function withoutIds(html: string): string {
  return html.replaceAll(/ id="[^"]*"/g, "")
}
