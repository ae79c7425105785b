import { describe, expect, test } from "bun:test"
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createStorage, newKey } from "../../../src/features/files/storage.ts"
import { startS3 } from "../../support/s3.ts"

const access = { accessKeyId: "chat", secretAccessKey: "a secret that is only used in tests" }

const id = "4fda4fa2-b84d-4c44-adae-381cefe14fa1"

/** A storage of each sort, and what is to be done with it after. */
const sorts = {
  folder() {
    const folder = mkdtempSync(join(tmpdir(), "covenant-files-"))
    const remove = () => rmSync(folder, { recursive: true, force: true })
    return { storage: createStorage({ folder }), [Symbol.dispose]: remove }
  },
  S3() {
    const s3 = startS3({ bucket: "bucket", ...access })
    const storage = createStorage({ bucket: "bucket", prefix: "chat/", endpoint: s3.endpoint, ...access })
    return { storage, [Symbol.dispose]: () => s3[Symbol.dispose]() }
  },
}

describe.each(Object.keys(sorts) as (keyof typeof sorts)[])("a %s", (sort) => {
  test("returns stored bytes, whole or in part", async () => {
    using opened = sorts[sort]()
    const { storage } = opened
    const key = newKey("files")

    await storage.put(key, Buffer.from("what was put"))

    const stored = await storage.get(key)
    expect(stored?.bytes).toBe(12)
    expect(await textOf(stored?.body())).toBe("what was put")
    expect(await textOf(stored?.body(5, 8))).toBe("was")
  })

  test("stores what comes in pieces, and nothing of what breaks off", async () => {
    using opened = sorts[sort]()
    const { storage } = opened
    const [key, broken] = [newKey("exports"), newKey("exports")]
    const piece = new Uint8Array(1024 * 1024).fill(7)
    // Larger than one part of an S3.
    const pieces = async function* (breaksAfter = 20) {
      for (let number = 0; number < 20; number++) {
        if (number === breaksAfter) throw new Error("no more")
        yield piece
      }
    }

    expect(await storage.write(key, pieces())).toBe(20 * piece.length)
    await expect(storage.write(broken, pieces(12))).rejects.toThrow("no more")

    const stored = await storage.get(key)
    expect(stored?.bytes).toBe(20 * piece.length)
    const bytes = new Uint8Array(await new Response(stored?.body()).arrayBuffer())
    expect(bytes.every((byte) => byte === 7)).toBe(true)
    expect(await storage.get(broken)).toBeUndefined()
  })

  test("returns nothing for deleted and unknown keys", async () => {
    using opened = sorts[sort]()
    const { storage } = opened
    const [key, other] = [newKey("files"), newKey("files")]
    await storage.put(key, Buffer.from("gone soon"))
    await storage.put(other, Buffer.from("stays"))

    await storage.delete(key)
    await storage.delete(key)

    expect(await storage.get(key)).toBeUndefined()
    expect(await textOf((await storage.get(other))?.body())).toBe("stays")
  })

  test("lists the keys of a kind in order, after any key", async () => {
    using opened = sorts[sort]()
    const { storage } = opened
    const keys = Array.from({ length: 12 }, () => newKey("files")).toSorted()
    for (const key of [...keys, newKey("previews")]) await storage.put(key, Buffer.from("x"))
    const [first = ""] = keys
    await storage.put(`${first}.400`, Buffer.from("x"))

    const all = await Array.fromAsync(storage.list("files"))
    const rest = await Array.fromAsync(storage.list("files", keys[7]))

    expect(all.map(({ key }) => key)).toEqual([first, `${first}.400`, ...keys.slice(1)])
    expect(rest.map(({ key }) => key)).toEqual(keys.slice(8))
    expect(all.every(({ writtenAt }) => Math.abs(writtenAt.getTime() - Date.now()) < 60_000)).toBe(true)
  })

  test.each(["../../etc/passwd", "files/../../x", "files/cat.png", `files/${id}/x`, `files/${id}.../x`, ""])(
    "refuses an invalid key: %p",
    async (key) => {
      using opened = sorts[sort]()
      const { storage } = opened

      expect(storage.put(key, Buffer.from("x"))).rejects.toThrow("not a storage key")
      expect(storage.get(key)).rejects.toThrow("not a storage key")
      expect(storage.delete(key)).rejects.toThrow("not a storage key")
    },
  )
})

test("a folder never contains partial files, and only the server may read it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "covenant-files-"))
  const key = newKey("files")
  const storage = createStorage({ folder })
  await storage.put(key, Buffer.from("private"))
  const [, name = ""] = key.split("/")
  expect(statSync(join(folder, "files", name.slice(0, 2), name)).mode & 0o777).toBe(0o600)
  // As a process leaves it that dies while it writes.
  for (const name of ["old", "new"]) writeFileSync(join(folder, "unfinished", name), "priv")
  utimesSync(join(folder, "unfinished", "old"), 0, 0)

  const again = createStorage({ folder })

  expect(await Array.fromAsync(again.list("files"))).toHaveLength(1)
  expect(readdirSync(join(folder, "unfinished"))).toEqual(["new"])
  rmSync(folder, { recursive: true })
})

test("a refusing S3 makes the call fail", async () => {
  using s3 = startS3({ bucket: "bucket", accessKeyId: "another" })
  const storage = createStorage({ bucket: "bucket", prefix: "", endpoint: s3.endpoint, ...access })

  expect(storage.put(newKey("files"), Buffer.from("x"))).rejects.toThrow()
  expect(storage.get(newKey("files"))).rejects.toThrow()
  expect(s3.objects.size).toBe(0)
})

async function textOf(body: Blob | ReadableStream<Uint8Array> | undefined): Promise<string> {
  if (!body) throw new Error("There is nothing stored")
  return new Response(body).text()
}
