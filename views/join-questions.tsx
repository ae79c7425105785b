import { escapeHtml } from "@kitajs/html"
import {
  type JoinQuestion,
  maxJoinAnswerLength,
  maxJoinAnswers,
  maxJoinQuestionLength,
} from "../src/features/joining/contract.ts"
import { Check, type Option } from "./fields.tsx"
import type { ServerName } from "./shell.tsx"
import { Field, FieldError, FormErrors, type FormState } from "./ui.tsx"

/** A question as a form has it. */
export interface QuestionForm {
  title: string
  isMultiple: boolean
  answers: { id: string; label: string; roleId: string }[]
}

interface QuestionProps {
  server: ServerName
  /** `undefined` for a new one. */
  questionId?: string
  form: QuestionForm
  roles: Option[]
  state: FormState
}

/** The form of one question: as many answers as there may be, of which those without text do not count. */
export function QuestionSection({ server, questionId, form, roles, state }: QuestionProps) {
  const settings = `/servers/${server.id}/settings/joining`
  const action = `${settings}/questions/${questionId ?? "new"}`
  const rows = Array.from(
    { length: maxJoinAnswers },
    (_, index) => form.answers[index] ?? { id: "", label: "", roleId: "" },
  )
  return (
    <>
      <form method="post" action={escapeHtml(action)} class="form-rows">
        <FormErrors state={state} />
        <Field
          name="title"
          label="Question"
          state={{ ...state, values: { title: form.title } }}
          maxlength={maxJoinQuestionLength}
          required
          autocomplete="off"
        />
        <Check name="isMultiple" label="Several answers may be chosen" isChecked={form.isMultiple} />
        <fieldset class="choice-with-fields">
          <legend>Answers</legend>
          {rows.map((row, index) => (
            <AnswerRow row={row} index={index} roles={roles} />
          ))}
          <FieldError name="answers" error={state.errors?.answers} />
        </fieldset>
        <p class="actions">
          <button class="primary" type="submit">
            Save
          </button>
          <a class="button" href={settings}>
            Back
          </a>
        </p>
      </form>
      {questionId !== undefined && (
        <details class="danger-zone">
          <summary>Delete question</summary>
          <form method="post" action={escapeHtml(`${action}/delete`)}>
            <button class="danger" type="submit">
              Delete this question
            </button>
          </form>
        </details>
      )}
    </>
  )
}

function AnswerRow({
  row,
  index,
  roles,
}: {
  row: QuestionForm["answers"][number]
  index: number
  roles: Option[]
}) {
  const number = index + 1
  return (
    <div class="answer-row">
      <input type="hidden" name={`answer${index}Id`} value={escapeHtml(row.id)} />
      <input
        name={`answer${index}`}
        aria-label={`Answer ${number}`}
        value={escapeHtml(row.label)}
        maxlength={maxJoinAnswerLength}
        dir="auto"
        autocomplete="off"
      />
      <select name={`answer${index}Role`} aria-label={`Role of answer ${number}`}>
        {[{ value: "", label: "No role" }, ...roles].map(({ value, label }) => (
          <option value={escapeHtml(value)} selected={value === row.roleId} safe>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}

/** The form of a stored question. */
export function formOfQuestion(question?: JoinQuestion): QuestionForm {
  return {
    title: question?.title ?? "",
    isMultiple: question?.isMultiple ?? false,
    answers: (question?.answers ?? []).map(({ id, label, roleId }) => ({ id, label, roleId: roleId ?? "" })),
  }
}
