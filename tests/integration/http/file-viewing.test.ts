import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { toWebVtt } from "../../../src/features/files/subtitles.ts"
import { tableOf } from "../../../src/features/files/table.ts"
import { expectData } from "../../support/chat.ts"
import { find, the } from "../../support/html.ts"
import { fileOf, upload } from "../../support/pictures.ts"
import { createTestServer, type TestServer } from "../../support/server.ts"
import { ftyp, latin, matroska, movie } from "../../support/signatures.ts"

setDefaultTimeout(60_000)

const script = "<script>alert(document.domain)</script>"

/** A message of alice's with these files; their ids. */
async function sent(server: TestServer, given: [name: string, content: Uint8Array | string][]) {
  const ids: string[] = []
  for (const [name, content] of given)
    ids.push((await upload(server, "alice", fileOf(name, content, "text/html"))).id)
  const message = { content: "look", files: ids.join(",") }
  expect((await server.as("alice").post(`${server.roomPath}/messages`, message)).status).toBe(303)
  return ids
}

const pageOf = async (server: TestServer, path: string) => {
  const answer = await server.as("bob").get(path)
  expect([path, answer.status]).toEqual([path, 200])
  return answer.text()
}

describe("a recording", () => {
  const film = Buffer.concat([matroska("webm", "V_VP9"), latin(script)])
  const srt = "\ufeff1\r\n0:00:01,5 --> 00:00:02,000 X1:40\r\n<i>Guten</i> <font color=red>Tag</font>\r\n"

  test("is played in its message, with its subtitles", async () => {
    using server = await createTestServer()
    const [id, subtitles] = await sent(server, [
      ["talk.html", film],
      ["talk.de.srt", srt],
    ])

    const room = await pageOf(server, server.roomPath)
    const player = the(room, ".message video")
    expect(player.attributes).toMatchObject({ src: `/files/${id}/media`, "aria-label": "talk.html" })
    expect(the(room, ".message track").attributes).toMatchObject({
      src: `/files/${subtitles}/subtitles`,
      srclang: "de",
      label: "German",
    })
    expect(the(room, `.message a.download[href="/files/${id}"]`).attributes.download).toBe("talk.html")
    const viewed = await pageOf(server, `/files/${id}/view`)
    expect(the(viewed, ".viewer video").attributes.src).toBe(`/files/${id}/media`)

    const text = await server.as("bob").get(`/files/${subtitles}/subtitles`)
    expect(text.headers.get("content-type")).toBe("text/vtt; charset=utf-8")
    expect(await text.text()).toBe("WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\n<i>Guten</i> Tag\n")
  })

  test("supports ranges, has a type of sound or film, and is only for readers of the channel", async () => {
    using server = await createTestServer()
    const voice = Buffer.concat([ftyp("mp42", "isom"), movie("soun"), latin(script)])
    const [id, spoken, notes] = await sent(server, [
      ["talk.html", film],
      ["memo.html", voice],
      ["notes.txt", script],
    ])
    const media = (name: "bob" | "mallory", file = id, headers = {}) =>
      server.as(name).get(`/files/${file}/media`, { headers })

    const part = await media("bob", id, { range: "bytes=1-3" })
    expect([part.status, part.headers.get("content-range"), Buffer.from(await part.bytes())]).toEqual([
      206,
      `bytes 1-3/${film.length}`,
      film.subarray(1, 4),
    ])
    for (const [file, type] of [
      [id, "video/webm"],
      [spoken, "audio/mp4"],
    ]) {
      const { headers } = await media("bob", file)
      expect(Object.fromEntries(headers)).toMatchObject({
        "content-type": type,
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
      })
    }
    expect((await media("bob", id, { range: `bytes=${film.length}-` })).status).toBe(416)
    expect((await media("bob", notes)).status).toBe(404)
    expect((await server.as("bob").get(`/files/${id}/subtitles`)).status).toBe(404)
    expect((await media("mallory")).status).toBe(404)

    const { alice, bob } = server.cast
    expectData(await alice.client.mutate("removeMember", { serverId: server.lab.id, userId: bob.id }))
    expect((await media("bob", id, { range: "bytes=0-3" })).status).toBe(404)
  })
})

describe("a text is looked at in place", () => {
  test("as text, of any type", async () => {
    using server = await createTestServer()
    const given: [name: string, content: Uint8Array | string][] = [
      ["page.html", `<!doctype html>${script}`],
      ["image.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${script}</svg>`],
      ["code.js", `// </code></pre>${script}`],
      ["table.csv", `a,"${script}"\n"<img src=x onerror=alert(1)>",b`],
      ["report.pdf", `%PDF-1.7 ${script}`],
      [`${script}.txt`, script],
    ]

    for (const id of await sent(server, given)) {
      const page = await pageOf(server, `/files/${id}/view`)
      expect(find(page, "script:not([src]), svg[onload], img[onerror], object, embed, iframe")).toEqual([])
      // The file itself is only saved.
      const { headers } = await server.as("bob").get(`/files/${id}`)
      expect(headers.get("content-type")).toBe("application/octet-stream")
      expect(headers.get("content-disposition")).toStartWith("attachment;")
    }
  })

  test("in its encoding, up to a limit, and only if it is text", async () => {
    using server = await createTestServer()
    const [wide, table, large, archive] = await sent(server, [
      ["wide.txt", Buffer.concat([latin("\xff\xfe"), Buffer.from("Größe 東京", "utf16le")])],
      ["table.csv", latin('Stra\xdfe;Ort\r\n"a ""b""; c";K\xf6ln\r\n')],
      ["large.log", "é".repeat(100_000)],
      ["a.bin", latin("\0\x01\x02\x03")],
    ])

    expect(the(await pageOf(server, `/files/${wide}/view`), ".file-text").text.trim()).toBe("Größe 東京")
    const cells = find(await pageOf(server, `/files/${table}/view`), ".file-table th, .file-table td")
    expect(cells.map(({ text }) => text)).toEqual(["Straße", "Ort", 'a "b"; c', "Köln"])
    const cut = await pageOf(server, `/files/${large}/view`)
    expect(cut).toContain("The first 128 KB are shown")
    expect(the(cut, ".file-text").text.trim()).toBe("é".repeat(64 * 1024))
    const saved = await server.as("bob").get(`/files/${archive}/view`)
    expect([saved.status, saved.headers.get("location")]).toEqual([303, `/files/${archive}`])
  })
})

test.each<[what: string, text: string, extension: string, rows: string[][]]>([
  [
    "commas",
    "a,b\n1,2\n",
    "csv",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "semicolons, as where commas are decimal",
    "a;b\r\n1,5;2\r\n",
    "csv",
    [
      ["a", "b"],
      ["1,5", "2"],
    ],
  ],
  [
    "tabs",
    "a\tb\n1,5\t2",
    "tsv",
    [
      ["a", "b"],
      ["1,5", "2"],
    ],
  ],
  ["a line that names the separator", "sep=;\na;b", "csv", [["a", "b"]]],
  ["line breaks in quotes", '"a\nb",c\n', "csv", [["a\nb", "c"]]],
  [
    "empty values",
    "a,,b\n,\n",
    "csv",
    [
      ["a", "", "b"],
      ["", ""],
    ],
  ],
  ["a quote that is never closed", 'a,"b\nc', "csv", [["a", "b\nc"]]],
  ["nothing", "", "csv", []],
])("a table with %s", (_, text, extension, rows) => {
  expect(tableOf(text, extension).rows).toEqual(rows)
})

test("a table is cut to what can be shown", () => {
  const { rows, isCut } = tableOf(`${"a,".repeat(60)}\n`.repeat(600), "csv")
  expect([rows.length, rows[0]?.length, isCut]).toEqual([500, 50, true])
})

test("subtitles that are WebVTT already stay as they are", () => {
  const text = "WEBVTT - a talk\n\n00:01.000 --> 00:02.000 align:start\nHello, 1,5\n"
  expect(toWebVtt(`\ufeff${text.replaceAll("\n", "\r\n")}`)).toBe(text)
})
