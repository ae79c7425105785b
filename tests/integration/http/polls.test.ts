import { expect, test } from "bun:test"
import { find, the } from "../../support/html.ts"
import { createTestServer, type Fields } from "../../support/server.ts"

function pollFields(question: string, ...answers: string[]): [string, string][] {
  return [["question", question], ...answers.map((text): [string, string] => ["answer", text])]
}

test("a poll is created, voted in and ended by forms alone", async () => {
  using server = await createTestServer()
  const { cast, roomPath } = server
  const [alice, bob] = [server.as("alice"), server.as("bob")]
  const form = await (await alice.get(`${roomPath}/polls/new`)).text()
  expect(find(form, "input[name=answer]")).toHaveLength(10)

  const created = await alice.post(`${roomPath}/polls`, pollFields("Where to?", "North", "South", "", ""))
  expect([created.status, created.headers.get("location")]).toEqual([303, roomPath])
  const room = await (await bob.get(roomPath)).text()
  const action = the(room, "form.poll").attributes.action ?? ""
  await bob.post(action, { answer: "1" })

  const voted = await (await alice.get(roomPath)).text()
  const [north, south] = find(voted, ".poll-answer")
  expect(north?.attributes["aria-label"]).toBe("North: 0 votes, 0 %")
  expect(south?.attributes).toMatchObject({ "aria-label": "South: 1 vote, 100 %", "data-by": cast.bob.id })
  const styles = await (await bob.get(`/viewers/${cast.bob.id}.css`)).text()
  expect(styles).toContain(`.poll-answer[data-by~="${cast.bob.id}"]`)
  const results = await (await alice.get(action.replace("/votes", ""))).text()
  expect(find(results, ".poll-voters li").map(({ text }) => text)).toEqual(["bob"])

  await alice.post(action.replace("/votes", "/end"), {})
  const ended = await (await bob.get(roomPath)).text()
  expect(find(ended, ".poll-answer[disabled]")).toHaveLength(2)
  expect(ended).toContain("“South” wins with 1 of 1 vote.")
  expect((await bob.post(action, { answer: "0" })).status).toBe(409)
})

test("a poll is created once, also when its form is submitted twice", async () => {
  using server = await createTestServer()
  const { roomPath } = server
  const alice = server.as("alice")
  const page = await (await alice.get(`${roomPath}/polls/new`)).text()
  const form: [string, string] = ["formId", the(page, "input[name=formId]").attributes.value ?? ""]
  const create = (question: string) =>
    alice.post(`${roomPath}/polls`, [form, ...pollFields(question, "North", "South")])

  for (const question of ["Where to?", "Where to?", "Where to go?"]) await create(question)

  const room = await (await alice.get(roomPath)).text()
  expect(find(room, "form.poll")).toHaveLength(2)
})

test("a refused poll comes back as it was typed, with the reason at its field", async () => {
  using server = await createTestServer()
  const alice = server.as("alice")
  const fields: Fields = [
    ...pollFields("", "North", `South ${"x".repeat(60)}`),
    ["multiple", "yes"],
    ["hours", "72"],
  ]

  const answer = await alice.post(`${server.roomPath}/polls`, fields)

  const page = await answer.text()
  expect(answer.status).toBe(400)
  expect(the(page, "#question-error").text).toBe("Write a question")
  expect(the(page, "#answer-1-error").text).toBe("Use at most 55 characters")
  expect(the(page, "#answer-0").attributes.value).toBe("North")
  expect(the(page, "input[name=multiple]").attributes.checked).toBeDefined()
  expect(the(page, "option[selected]").attributes.value).toBe("72")
})
