import { Program } from "../../tests/support/program.ts"
import type { Figures, Part } from "../run.ts"
import { type RunningServer, roomOf, startChat } from "../servers.ts"
import { acmeIdOf, fillWorkspace } from "../workspace.ts"

const messages = 1_000_000
/** The workspace's messages are spread over this time. */
const historyDays = 730
const dayMs = 86_400_000
/** Searches of each kind in a round. */
const repetitions = 100

/** Searches by a member who may read all messages. `QUIET` stands for a member who wrote few of them. */
const memberSearches: Record<string, string> = {
  "a common word": "the",
  "three common words": "the release again",
  "a common phrase": '"the release"',
  "a phrase of common words that no message contains": '"release the"',
  "one common word twice in a row, in no message": '"the the"',
  "filters that few messages match together": "from:alice mentions:bob has:link",
  "a filter and its negation": "has:link -has:link",
  "twenty common words":
    "the release login page invoice export search index backup onboarding staging server mobile layout rate limit quarterly numbers again production",
  "a common word from a quiet member": "the from:QUIET",
  "a common word with a link, in one channel, before today": "the has:link in:#random before:today",
  "a common word without another": "the -release",
  "a word of one message": "heliotrope",
  "a word of no message": "zzzzzz",
  "one CJK letter": "会",
  "two CJK letters": "会議",
  "a CJK phrase": "会議があります",
}
/** Searches by a user who may read only a hundred of the messages. */
const outsiderSearches: Record<string, string> = {
  "a common word, few readable messages": "the",
  "common words, no readable message with both": "release the",
}

interface SearchAnswer {
  results: unknown[]
  lookedBackTo: string | null
}

export const search: Part = {
  name: "search",
  title: "Search in a million messages in 200 channels",
  note: "Requests over HTTP, one after another: the newest 25 results with snippets. 30 messages are in Japanese. All messages are indexed beforehand. A search that uses up a page's time has looked back fewer than 730 days.",
  columns: [
    { name: "p50, ms", digits: 1 },
    { name: "p99, ms", digits: 1 },
    { name: "results" },
    { name: "days looked back" },
  ],
  rounds: 1,
  async prepare(folder) {
    await fillWorkspace(folder, { messages, members: 1000, channels: 200 })
    const server = await startChat(folder)
    const { alice } = await roomOf(server)
    await alice.send("A heliotrope by the window")
    for (let i = 0; i < 30; i++) await alice.send(`今日は会議があります、資料 ${i}`)
    const quiet = await quietMember(alice)
    const outsider = await createOutsider(alice.origin)

    const ask = (query: string, viewer: Program) => () => measureSearch(server, query, viewer)
    const contenders = Object.fromEntries([
      ...Object.entries(memberSearches).map(
        ([name, query]) => [name, ask(query.replace("QUIET", quiet), alice)] as const,
      ),
      ...Object.entries(outsiderSearches).map(([name, query]) => [name, ask(query, outsider)] as const),
    ])
    return { contenders, close: () => server.stop() }
  },
}

async function measureSearch({ port }: RunningServer, query: string, viewer: Program): Promise<Figures> {
  const url = `http://127.0.0.1:${port}/api/searchMessages?${new URLSearchParams({ query })}`
  const headers = { authorization: `Bearer ${viewer.token}` }
  const times: number[] = []
  let [found, days] = [0, 0]
  for (let i = 0; i < repetitions; i++) {
    const startedAt = performance.now()
    const { results, lookedBackTo } = (await (await fetch(url, { headers })).json()) as SearchAnswer
    times.push(performance.now() - startedAt)
    found = results.length
    days = lookedBackTo ? Math.round((Date.now() - Date.parse(lookedBackTo)) / dayMs) : historyDays
  }
  times.sort((a, b) => a - b)
  return {
    "p50, ms": times[repetitions / 2],
    "p99, ms": times[Math.ceil(repetitions * 0.99) - 1],
    results: found,
    "days looked back": days,
  }
}

/** The last member: the workspace's first members write most of the messages. */
async function quietMember(alice: Program): Promise<string> {
  const serverId = await acmeIdOf(alice)
  const members = await alice.call<{ username: string }[]>("getMembers", { serverId })
  return members.at(-1)?.username ?? ""
}

/** Creates a user with a server of their own. Half of its hundred messages contain a common word. */
async function createOutsider(origin: string): Promise<Program> {
  const credentials = { username: "outsider", password: "password" }
  const { token } = await new Program(origin, "").call<{ token: string }>("signUp", credentials)
  const outsider = new Program(origin, token)
  const { id: serverId } = await outsider.call<{ id: string }>("createServer", { name: "Outside" })
  await outsider.call("createChannel", { serverId, name: "outside" })
  for (let i = 0; i < 100; i++) await outsider.send(i % 2 === 0 ? `The note ${i}` : `A note ${i}`)
  return outsider
}
