import { Elysia } from "elysia"
import { PollFormPanel, PollResultsPanel } from "../../../views/polls.tsx"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { doneAt } from "../../web/reply.ts"
import { field, fields, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { deliver, type InRoom } from "../messages/deliver.ts"
import { messageIdOf } from "../messages/form-id.ts"
import { requireChannel, requireMessage } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, type OfMessage, orThrow, refusalOf, requireViewer } from "../visit.ts"
import { maxVotersPage } from "./contract.ts"
import { maxAnswers, PollInput } from "./message-fields.ts"
import { noPoll } from "./vote.ts"

/** Creating a poll, voting, its results, and closing it. */
export function pollsRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/channels/:channelId/polls/new", async (visit) => {
      const viewer = await requireViewer(services, visit)
      await requireChannel(services, viewer, visit.params, "send")
      const values = valuesOf(undefined)
      return panel(visit, viewer, {
        title: "Create poll",
        markup: <PollFormPanel room={roomUrl(visit)} state={{ values }} />,
      })
    })
    .post("/servers/:serverId/channels/:channelId/polls", (visit) => create(services, visit, visit.body))
    .post("/messages/:messageId/poll/votes", async (visit) => {
      const { messageId } = visit.params
      const answer = Number(field(visit.body, "answer") || Number.NaN)
      const result = await act(services, visit, "togglePollVote", { messageId, answer })
      if (!result.success) throw refusalOf(result.error)

      return doneAt(visit.request, `/messages/${messageId}`)
    })
    .post("/messages/:messageId/poll/end", async (visit) => {
      const { messageId } = visit.params
      orThrow(await act(services, visit, "endPoll", { messageId }))
      return doneAt(visit.request, `/messages/${messageId}`)
    })
    .get("/messages/:messageId/poll", (visit) => results(services, visit))
}

/** Sends the message with the poll. A refused poll comes back as it was typed. */
async function create(services: Services, visit: InRoom, body: unknown): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  await requireChannel(services, viewer, visit.params, "send")
  const values = valuesOf(body)
  const input = {
    question: values.question,
    answers: fields(body, "answer"),
    multiple: values.multiple !== "",
    hours: Number(values.hours),
  }
  // A program says the id itself.
  const id = field(body, "id") || messageIdOf(values.formId ?? "", input)
  const failure = await send(services, visit, { id, input })
  if (!failure) return doneAt(visit.request, roomUrl(visit))

  const markup = <PollFormPanel room={roomUrl(visit)} state={formState(failure, values)} />
  return panel(visit, viewer, { title: "Create poll", markup, error: failure })
}

/** Checked by the contract's own schema first: a channel's refusal does not name the fields. */
async function send(
  services: Services,
  visit: InRoom,
  { id, input }: { id: string | undefined; input: unknown },
): Promise<ProcedureError | null> {
  const poll = PollInput.safeParse(input)
  if (poll.success) return (await deliver(services, visit, { content: "", id, poll: poll.data })).failure

  const issues = poll.error.issues.map(({ path: [name, index], message }) => ({
    path: typeof index === "number" ? `answer-${index}` : String(name),
    message,
  }))
  return { code: 400, message: "Check the poll", issues }
}

/** Who voted for what. `answer` and `after` name a further page of one answer's voters. */
async function results(services: Services, visit: OfMessage & { query: Record<string, string> }) {
  const viewer = await requireViewer(services, visit)
  const { messageId } = visit.params
  const { message } = await requireMessage(services, viewer, messageId, "readHistory")
  const { poll } = message.extras ?? {}
  if (!poll) throw new Refusal(noPoll, 404)

  const { answer, after } = visit.query
  const indexes = answer === undefined ? [...poll.answers.keys()] : [Number(answer)]
  const answers = await Promise.all(
    indexes.map(async (index) => {
      const page = { messageId, answer: index, after, limit: maxVotersPage }
      const { voters } = orThrow(await act(services, visit, "getPollVoters", page))
      const { text = "", count = 0 } = poll.answers[index] ?? {}
      return { index, text, count, voters, hasMore: voters.length === maxVotersPage && count > maxVotersPage }
    }),
  )
  const markup = <PollResultsPanel messageId={messageId} poll={poll} answers={answers} />
  return panel(visit, viewer, { title: "Poll results", markup })
}

function roomUrl({ params }: InRoom): string {
  return `/servers/${encodeURIComponent(params.serverId)}/channels/${encodeURIComponent(params.channelId)}`
}

/** The form's values by field; answers are `answer-0` to `answer-9`. `formId` makes a second submission harmless. */
function valuesOf(body: unknown): Record<string, string> {
  const typed = fields(body, "answer")
  const answers = Array.from({ length: maxAnswers }, (_, i) => [`answer-${i}`, typed[i] ?? ""])
  return {
    question: field(body, "question"),
    ...Object.fromEntries(answers),
    multiple: field(body, "multiple"),
    hours: field(body, "hours") || "24",
    formId: field(body, "formId") || crypto.randomUUID(),
  }
}
