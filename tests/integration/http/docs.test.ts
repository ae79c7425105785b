import { describe, expect, setDefaultTimeout, test } from "bun:test"
import { Ajv2020 } from "ajv/dist/2020.js"
import { covenant } from "../../../src/covenant.ts"
import { curlOf } from "../../../src/features/api/curl.ts"
import type { By } from "../../../src/features/api/doc.ts"
import { type Operation, operationsOf, type RequestExample } from "../../../src/features/api/operations.ts"
import { sectionsOf } from "../../../src/features/api/sections.ts"
import { features } from "../../../src/features/index.ts"
import { createExampleWorld } from "../../support/example-world.ts"
import { find } from "../../support/html.ts"
import { createTestServer } from "../../support/server.ts"
import { untouched } from "../../support/untouched.ts"

// What is said of the API is true: every example is tried on a running server, word for word.

setDefaultTimeout(60_000)

const sections = await sectionsOf(features)
const operations = operationsOf(sections, covenant.procedures)
const examples = operations.flatMap((operation) =>
  operation.examples.map((example) => ({
    title: `${operation.id}: ${example.summary ?? "its first example"}`,
    operation,
    example,
  })),
)
const limits = { RATE_LIMIT_MESSAGES: "10/10s", RATE_LIMIT_LOGINS: "10/10m" }
const inWorld = untouched(() => createExampleWorld(limits))
const schemaOf = await schemasOfTheServer()

describe("an example is answered as documented", () => {
  test.each(examples)("$title", async ({ operation, example }) => {
    await inWorld(async ({ ask, toSample }) => {
      const answer = await ask(example)

      if (example.begins !== undefined) {
        const begins = await beginningOf(answer, example.begins, toSample)
        expect([answer.status, timeless(begins)]).toEqual([example.status, timeless(example.begins)])
        return
      }
      const given = JSON.parse(toSample(await answer.text()))
      expect([answer.status, given]).toEqual([example.status, likened(example.answer, given)])
      schemaOf(operation, "response", example.status)(given)
      schemaOf(operation, "response", example.status)(example.answer)
      if (example.body !== undefined && example.status !== 400) schemaOf(operation, "request")(example.body)
      const told = answer.headers.get("ratelimit")?.split(";")[0]
      if (example.status < 400) expect(told).toBe(operation.limit && `"${operation.limit}"`)
    })
  })
})

describe("refusals have a documented code, for every role", () => {
  const asked = operations.flatMap((operation) => {
    const example = operation.examples.find(({ status, begins }) => status < 400 && !begins)
    return example ? [{ id: operation.id, operation, example }] : []
  })

  test.each(asked)("$id", async ({ operation, example }) => {
    using world = await createExampleWorld()
    const codes = new Map<string, number>()
    // Alice comes last: what works may take away what the others ask about.
    for (const by of [null, "mallory", "bob", "alice"] as By[]) {
      codes.set(`${by}, what is not there`, await codeOf(world.ask(example, { by, ids: world.nowhere })))
      codes.set(`${by}, nonsense`, await codeOf(world.ask(nonsense(example), { by })))
      codes.set(`${by}`, await codeOf(world.ask(example, { by })))
    }

    const documented = operation.fails.map(([code]) => Number(code))
    const others = [...codes].filter(([, code]) => code >= 400 && !documented.includes(code))
    expect(others).toEqual([])
    // Without a token a form is one of a page, and a page of another site may not send it.
    if (!operation.open) expect(codes.get("null")).toBe(operation.id === "sendMessage" ? 403 : 401)
  })
})

test("the page shows every procedure with its curl line, and has no script", async () => {
  using server = await createTestServer({ PUBLIC_URL: "https://chat.example.org" })

  const answer = await fetch(`${server.origin}/api`)
  const page = await answer.text()

  expect(answer.status).toBe(200)
  expect(find(page, "article.operation h3 a").map(({ text }) => text)).toEqual(operations.map(({ id }) => id))
  expect(find(page, "pre.request")).toHaveLength(examples.length)
  expect(find(page, "pre.request code")[0]?.text).toContain("https://chat.example.org/api/")
  expect(find(page, "script")).toEqual([])
  // Regions are told apart by these in lists of landmarks.
  const names = find(page, "main h2").map(({ text }) => text)
  expect(names).toEqual([...new Set(names)])
  const targets = new Set(find(page, "[id]").map(({ attributes }) => `#${attributes.id}`))
  const links = find(page, "a[href^='#']").map(({ attributes }) => attributes.href ?? "")
  expect(links.filter((link) => !targets.has(link))).toEqual([])
})

test.skipIf(!Bun.which("curl"))("a curl line asks what its example says", async () => {
  const heard: unknown[] = []
  await using echo = Bun.serve({
    port: 0,
    async fetch({ method, url, headers, body }) {
      const { pathname, search } = new URL(url)
      const text = await new Response(body).text()
      const [token, accept] = [headers.get("authorization"), headers.get("accept")]
      heard.push({ method, path: pathname + search, body: text && JSON.parse(text), token, accept })
      return new Response()
    },
  })
  const lines = examples.map(({ example }) => curlOf(example, `http://127.0.0.1:${echo.port}`))

  const shell = Bun.spawn(["sh", "-eu", "-c", `TOKEN=t\n${lines.join("\n")}`], { stderr: "ignore" })

  expect(await shell.exited).toBe(0)
  const asked = examples.map(({ example: { method, path, body, by, headers } }) => ({
    ...{ method, path, body: body ?? "" },
    token: by && "Bearer t",
    accept: headers.accept ?? (body === undefined ? "*/*" : "application/json"),
  }))
  expect(heard).toEqual(asked)
})

test("the description is there for tools, also at the page's address", async () => {
  using server = await createTestServer()

  const file = await fetch(`${server.origin}/api/openapi.json`)
  const asked = await fetch(`${server.origin}/api`, { headers: { accept: "application/json" } })

  const openApi = (await file.json()) as { openapi: string; paths: object }
  expect(openApi.openapi).toBe("3.1.0")
  for (const name of Object.keys(covenant.procedures)) expect(openApi.paths).toHaveProperty([`/api/${name}`])
  expect(await asked.json()).toEqual(openApi)
})

/** The documented answer with what differs from time to time as it is given, where that is of the same kind. */
function likened(documented: unknown, given: unknown, key = ""): unknown {
  if (Array.isArray(documented) && Array.isArray(given)) {
    return documented.map((item, index) => likened(item, given[index], key))
  }
  if (isRecord(documented) && isRecord(given)) {
    return Object.fromEntries(
      Object.entries(documented).map(([name, value]) => [name, likened(value, given[name], name)]),
    )
  }
  const isAlike = kindOf(documented, key) !== undefined && kindOf(documented, key) === kindOf(given, key)
  return isAlike ? given : documented
}

function kindOf(value: unknown, key: string): string | undefined {
  if (typeof value !== "string") return undefined
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value)) return "id"
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return "time"
  return /^(token|code|secret|uri|step|options|recoveryCode|backupCodes)$/.test(key) && value.length > 5
    ? key
    : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** The same request with values of other types. */
function nonsense({ path, body, ...rest }: RequestExample): RequestExample {
  const odd = isRecord(body) ? Object.fromEntries(Object.keys(body).map((name) => [name, { $ne: 1 }])) : body
  return { ...rest, path: path.replace(/=[^&]*/g, "=%00"), body: odd }
}

async function codeOf(asked: Promise<Response>): Promise<number> {
  const answer = await asked
  await answer.body?.cancel()
  return answer.status
}

async function beginningOf(
  { body }: Response,
  expected: string,
  toSample: (text: string) => string,
): Promise<string> {
  let text = ""
  for await (const chunk of body ?? []) {
    text += new TextDecoder().decode(chunk as Uint8Array)
    if (toSample(text).length >= expected.length) break
  }
  return toSample(text).slice(0, expected.length)
}

function timeless(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(a time)")
}

/** Checks values by the schemas of the description that a server hands out. */
async function schemasOfTheServer() {
  using server = await createTestServer()
  const openApi = (await (await fetch(`${server.origin}/api/openapi.json`)).json()) as object
  const formats = {
    "date-time": (text: string) => text === new Date(text).toISOString(),
    uuid: /^[\da-f-]{36}$/i,
    guid: /^[\da-f-]{36}$/i,
    uri: URL.canParse,
    url: URL.canParse,
  }
  const ajv = new Ajv2020({ strict: false, formats })
  ajv.addSchema(openApi, "api")
  const escaped = (part: string) =>
    part.replaceAll("~", "~0").replaceAll("/", "~1").replace(/[{}]/g, encodeURIComponent)

  return ({ path, method }: Operation, what: "request" | "response", status = 200) => {
    const place = `paths/${escaped(path)}/${method.toLowerCase()}`
    const part = what === "request" ? "requestBody" : `responses/${status}`
    const check = ajv.compile({ $ref: `api#/${place}/${part}/content/application~1json/schema` })
    return (value: unknown) => {
      const fits = check(value)
      expect(fits ? [] : (check.errors ?? [])).toEqual([])
    }
  }
}
