import { escapeHtml } from "@kitajs/html"
import {
  maxAnswerLength,
  maxAnswers,
  maxQuestionLength,
  minAnswers,
  type Poll,
  type PollAnswer,
} from "../src/features/polls/message-fields.ts"
import type { Clock } from "../src/web/clock.ts"
import { Icon } from "./icons.tsx"
import { type Named, shownName } from "./people.ts"
import { Time } from "./times.tsx"
import { DialogLink, Field, FieldError, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface PollProps {
  messageId: string
  poll: Poll
}

/** Opens the form that creates a poll; from the composer's frame too, which a page without a script has. */
export function PollLink({ room }: { room: string }) {
  return (
    <a class="button quiet to-poll" href={`${room}/polls/new`} data-dialog target="_top" title="Create poll">
      <Icon name="poll" />
      <span class="visually-hidden">Create poll</span>
    </a>
  )
}

/**
 * The poll of a message. Each answer is a button that votes or takes the vote back, so that it works without a script.
 * `data-by` names the first voters: `/viewers/{id}.css` marks the viewer's own answers by it.
 */
export function PollView({ messageId, poll, clock }: PollProps & { clock: Clock | undefined }) {
  const url = `/messages/${messageId}/poll`
  const { question, answers, multiple, voters, closedAt } = poll
  return (
    <form class={closedAt ? "poll closed" : "poll"} method="post" action={`${url}/votes`} data-dialog>
      <fieldset>
        <legend dir="auto" safe>
          {question}
        </legend>
        <p class="hint">{multiple ? "Choose one or more answers" : "Choose one answer"}</p>
        {answers.map((answer, index) => (
          <AnswerButton answer={answer} index={index} voters={voters} isClosed={closedAt !== undefined} />
        ))}
      </fieldset>
      <p class="poll-state">
        <DialogLink href={url}>{escapeHtml(voters === 1 ? "1 voter" : `${voters} voters`)}</DialogLink>
        {" · "}
        {closedAt ? "Closed" : "Closes"} <Time at={new Date(closedAt ?? poll.closesAt)} clock={clock} />
      </p>
    </form>
  )
}

interface AnswerProps {
  answer: PollAnswer
  index: number
  voters: number
  isClosed: boolean
}

function AnswerButton({ answer, index, voters, isClosed }: AnswerProps) {
  const { text, count, by } = answer
  const percent = voters === 0 ? 0 : Math.round((count / voters) * 100)
  return (
    <button
      type="submit"
      name="answer"
      value={String(index)}
      class="poll-answer"
      disabled={isClosed}
      data-by={by.map(({ userId }) => userId).join(" ")}
      aria-label={escapeHtml(`${text}: ${countOf(count)}, ${percent} %`)}
    >
      <span class="poll-text" dir="auto" safe>
        {text}
      </span>{" "}
      <span class="poll-count" safe>
        {`${countOf(count)}, ${percent} %`}
      </span>
      <progress max="100" value={String(percent)} aria-hidden="true" />
    </button>
  )
}

function countOf(votes: number): string {
  return votes === 1 ? "1 vote" : `${votes} votes`
}

/** How long a poll may be open, as the form offers it; in hours. */
const durations: [hours: number, label: string][] = [
  [1, "1 hour"],
  [4, "4 hours"],
  [8, "8 hours"],
  [24, "1 day"],
  [72, "3 days"],
  [168, "1 week"],
  [336, "2 weeks"],
  [768, "32 days"],
]

/** Creates a poll. All answers are fields from the start, so that it works without a script; empty ones are ignored. */
export function PollFormPanel({ room, state }: { room: string; state: FormState }) {
  const { values = {} } = state
  return (
    <FormPanel title="Create poll">
      <PanelForm action={`${room}/polls`} state={state} submit="Create poll">
        {/* Not named `form`: htmx would take the field for the form. */}
        <input type="hidden" name="formId" value={escapeHtml(values.formId ?? "")} autocomplete="off" />
        <Field
          name="question"
          label="Question"
          state={state}
          required
          maxlength={maxQuestionLength}
          autocomplete="off"
          autofocus
        />
        <fieldset class="poll-answers">
          <legend>Answers</legend>
          <FieldError name="answers" error={state.errors?.answers} />
          {Array.from({ length: maxAnswers }, (_, index) => (
            <AnswerField index={index} state={state} />
          ))}
        </fieldset>
        <p class="field check">
          <label>
            <input type="checkbox" name="multiple" value="yes" checked={Boolean(values.multiple)} /> Allow
            several answers
          </label>
        </p>
        <p class="field">
          <label for="hours">Open for</label>
          <select id="hours" name="hours">
            {durations.map(([hours, label]) => (
              <option value={String(hours)} selected={String(hours) === values.hours} safe>
                {label}
              </option>
            ))}
          </select>
          <FieldError name="hours" error={state.errors?.hours} />
        </p>
      </PanelForm>
    </FormPanel>
  )
}

function AnswerField({ index, state }: { index: number; state: FormState }) {
  const name = `answer-${index}`
  const error = state.errors?.[name]
  return (
    <p class="field">
      <label for={name}>
        Answer {index + 1}
        {index >= minAnswers && <span class="hint"> (optional)</span>}
      </label>
      <input
        id={name}
        name="answer"
        type="text"
        value={escapeHtml(state.values?.[name] ?? "")}
        dir="auto"
        maxlength={maxAnswerLength}
        required={index < minAnswers}
        autocomplete="off"
        aria-invalid={error ? "true" : undefined}
        aria-describedby={error ? `${name}-error` : undefined}
      />
      <FieldError name={name} error={error} />
    </p>
  )
}

interface ListedAnswer {
  index: number
  text: string
  count: number
  voters: (Named & { userId: string })[]
  hasMore: boolean
}

/** The results of a poll: who voted for what. */
export function PollResultsPanel({ messageId, poll, answers }: PollProps & { answers: ListedAnswer[] }) {
  return (
    <FormPanel title="Poll results">
      <p dir="auto" safe>
        {poll.question}
      </p>
      {answers.map(({ index, text, count, voters, hasMore }) => (
        <section class="poll-voters">
          <h2>
            <bdi safe>{text}</bdi> <span class="count">{count}</span>
          </h2>
          {voters.length === 0 && <p class="hint">No votes.</p>}
          <ul>
            {voters.map((person) => (
              <li>
                <bdi safe>{shownName(person)}</bdi>
              </li>
            ))}
          </ul>
          {hasMore && (
            <DialogLink href={`/messages/${messageId}/poll?answer=${index}&after=${voters.at(-1)?.userId}`}>
              More
            </DialogLink>
          )}
        </section>
      ))}
    </FormPanel>
  )
}
