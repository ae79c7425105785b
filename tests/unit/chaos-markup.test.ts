import { expect, test } from "bun:test"
import { type PageChange, streamedChanges } from "../../chaos/markup.ts"
import { streamPatch, streamSlot } from "../../src/features/messages/fragments.ts"

const id = "a"

test("a streamed page that arrives in two pieces reads as the same changes, wherever it is cut", () => {
  const page = streamSlot({ id }, article(1)) + streamPatch({ id, seq: 2 }, article(2))
  const whole = read([page])
  expect(whole.map(({ type }) => type)).toEqual(["insert", "replace"])

  for (let cut = 1; cut < page.length; cut++) {
    expect({ cut, changes: read([page.slice(0, cut), page.slice(cut)]) }).toEqual({ cut, changes: whole })
  }
})

function article(seq: number): string {
  return `<article id="message-${id}" data-author="u" data-position="1" data-seq="${seq}"></article>`
}

/** Reads pieces as a reader of the trial does. */
function read(pieces: string[]): PageChange[] {
  let unparsed = ""
  return pieces.flatMap((piece) => {
    const { changes, end } = streamedChanges(unparsed + piece)
    unparsed = (unparsed + piece).slice(end)
    return changes
  })
}
