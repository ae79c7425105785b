import { expect, test } from "bun:test"
import { toWebVtt } from "../../../src/features/files/subtitles.ts"

test("SubRip becomes WebVTT, without colors and places", () => {
  const text = '1\r\n0:00:01,5 --> 0:00:02,000 X1:0\r\n<font color="red">Tea</font> {\\an8}<i>now</i>\r\n'

  expect(toWebVtt(text)).toBe("WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\nTea <i>now</i>\n")
})

// Each tag was looked for to the end of the text: 1 MB of them, the most that is read, kept the server busy for minutes.
test.each(["<font", "{\\"])("a text of nothing but unfinished tags is read once: %s", (tag) => {
  const text = tag.repeat(Math.floor((1024 * 1024) / tag.length))

  expect(toWebVtt(text) === `WEBVTT\n\n${text}`).toBe(true)
})
