import { describe, expect, test } from "bun:test"
import {
  contentDisposition,
  maxFileNameLength,
  pictureName,
  safeName,
} from "../../../src/features/files/names.ts"

describe("a name is made safe", () => {
  test.each([
    ["notes.txt", "notes.txt"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Windows\\System32\\evil.dll", "evil.dll"],
    ["a/b/../c.png", "c.png"],
    ["..", "file"],
    ["", "file"],
    ["/", "file"],
    [".htaccess", "htaccess"],
    ["photo\u202Egnp.exe", "photognp.exe"],
    ["\u2066safe\u2069.txt", "safe.txt"],
    ["a\0b\r\nc\u0085.txt", "abc.txt"],
    ["zero\u200Bwidth\uFEFF.txt", "zerowidth.txt"],
    ['quo"te<b>|?*:.txt', "quo_te_b_____.txt"],
    ["evil.exe. . .", "evil.exe"],
    ["  two   blanks .txt", "two blanks .txt"],
    ["\ud800.txt", "\ufffd.txt"],
    ["naïve résumé 日本.pdf", "naïve résumé 日本.pdf"],
    ["👩‍👩‍👧.png", "👩‍👩‍👧.png"],
  ])("%p is %p", (given, safe) => {
    expect(safeName(given)).toBe(safe)
  })

  test("and short, with its ending", () => {
    expect(safeName(`${"x".repeat(500)}.tar.gz`)).toBe(`${"x".repeat(maxFileNameLength - 3)}.gz`)
    expect(safeName(`x.${"y".repeat(500)}`)).toHaveLength(maxFileNameLength)
    // Not cut through the middle of a character.
    expect(safeName(`${"😀".repeat(80)}.a`).isWellFormed()).toBe(true)
    expect(safeName("e\u0301".repeat(300)).length).toBeLessThanOrEqual(maxFileNameLength)
  })
})

test.each([
  ["cat.png", "image/png", "cat.png"],
  ["cat.JPEG", "image/jpeg", "cat.JPEG"],
  ["cat.exe", "image/png", "cat.exe.png"],
  ["cat.html", "image/gif", "cat.html.gif"],
  ["cat.gif", "image/png", "cat.png"],
  ["cat", "image/webp", "cat.webp"],
])("a picture ends with what it is: %p that is %p is %p", (given, type, name) => {
  expect(pictureName(given, type)).toBe(name)
})

test("a header carries any name and can be left by none", () => {
  const header = contentDisposition("attachment", `na"me\\; x=y'(*)日本.txt`)

  expect(header).toBe(
    `attachment; filename="na_me__ x_y______.txt"; filename*=UTF-8''na%22me%5C%3B%20x%3Dy%27%28%2A%29%E6%97%A5%E6%9C%AC.txt`,
  )
  expect(() => new Headers({ "content-contentDisposition": header })).not.toThrow()
})
