import type { Message } from "./contract.ts"

type MessageId = Pick<Message, "id">

/** Inserts messages into a page that shows the end of the log, each where its position says. */
export const insertion = {
  open: `<hx-upsert hx-target="#messages[data-live]" key="data-position" sort>`,
  close: "</hx-upsert>",
}

/** Replaces a message on pages that show it. */
export function replacement({ id }: MessageId, html: string): string {
  return `<hx-partial hx-target="#message-${id}" hx-swap="outerHTML">${html}</hx-partial>`
}

/**
 * A stream can only be appended to, but HTML can say "put this there": `<template for>` replaces what stands
 * between the marks of that name (WICG declarative partial updates, in Chromium since 2026). The radio buttons
 * serve the browsers that cannot: two of one name are never both checked, so the older version, unchecked by
 * the newer, is hidden by the style sheet, and the newer one stands at the end. Browsers that can are told to
 * remove it again.
 */
export function streamSlot({ id }: MessageId, html: string): string {
  return `<?start name="message-${id}"><div class="version">${latest(id)}${html}</div><?end>`
}

/** Puts a newer version of a message into its slot, and at the end of the page for browsers that have no slots. */
export function streamPatch(message: MessageId & Pick<Message, "seq">, html: string): string {
  const { id, seq } = message
  const name = `fallback-${id}-${seq}`
  const fallback = `<?start name="${name}"><div class="version">${latest(id)}${withoutIds(html)}</div><?end>`
  // The new version comes last: of two checked buttons the later one wins, and the fallback's is to go again.
  return `${fallback}<template for="${name}"></template><template for="message-${id}">${streamSlot(message, html)}</template>`
}

function latest(id: string): string {
  return `<input type="radio" name="version-${id}" checked disabled hidden>`
}

/** The fallback stands beside the version it replaces: an id must not be there twice, nor name the old one. */
function withoutIds(html: string): string {
  return html.replaceAll(/ id="[^"]*"/g, "")
}
