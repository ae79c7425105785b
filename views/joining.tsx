import type { Joining } from "../src/features/joining/contract.ts"
import { renderContent } from "../src/features/messages/render.ts"
import type { Clock } from "../src/web/clock.ts"
import { Check } from "./fields.tsx"
import type { ServerName } from "./shell.tsx"
import { Time } from "./times.tsx"
import { FormErrors } from "./ui.tsx"

interface MemberProps {
  server: ServerName
  joining: Joining
  clock: Clock
  error?: string
}

/** What a new member sees first: the rules, and questions. */
export function JoiningPanel(props: MemberProps) {
  const { server, joining } = props
  const isEmpty = joining.rules === "" && joining.questions.length === 0 && joining.channels.length === 0
  return (
    <>
      <Rules {...props} />
      {joining.questions.length > 0 && <Questions {...props} />}
      {joining.channels.length > 0 && (
        <section aria-labelledby="start">
          <h2 id="start">Start here</h2>
          <ul>
            {joining.channels.map(({ id, name }) => (
              <li>
                <a href={`/servers/${server.id}/channels/${id}`} safe>{`#${name}`}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {isEmpty && <p>This server has no rules and no questions.</p>}
      <p>
        <a class="button" href={`/servers/${server.id}`}>
          <span>
            Go to <bdi safe>{server.name}</bdi>
          </span>
        </a>
      </p>
    </>
  )
}

function Rules({ server, joining, clock }: MemberProps) {
  if (joining.rules === "") return ""

  return (
    <section aria-labelledby="rules">
      <h2 id="rules">Rules</h2>
      <div class="text rules-text" dir="auto">
        {renderContent(joining.rules) as "safe"}
      </div>
      {joining.acceptedRulesAt ? (
        <p class="hint">
          You accepted them <Time at={joining.acceptedRulesAt} clock={clock} />
        </p>
      ) : (
        <form method="post" action={`/servers/${server.id}/rules/accept`}>
          <p class="hint">Accept them to write here.</p>
          <p class="actions">
            <button class="primary" type="submit">
              Accept the rules
            </button>
          </p>
        </form>
      )}
    </section>
  )
}

/** Choosing roles. Members come back to it to choose others. */
export function Questions({ server, joining, error, from }: MemberProps & { from?: "settings" }) {
  return (
    <form method="post" action={`/servers/${server.id}/questions`} class="form-rows">
      <FormErrors state={{ error }} />
      {from !== undefined && <input type="hidden" name="from" value={from} />}
      {joining.questions.map(({ id, title, isMultiple, answers }) => {
        const isAnswered = answers.some(({ isChosen }) => isChosen)
        return (
          <fieldset class="choice-with-fields">
            <legend dir="auto" safe>
              {title}
            </legend>
            {answers.map((answer) => (
              <Check
                name={id}
                value={answer.id}
                label={answer.label}
                isChecked={answer.isChosen}
                type={isMultiple ? "checkbox" : "radio"}
              />
            ))}
            {!isMultiple && (
              <Check name={id} value="" label="None of these" isChecked={!isAnswered} type="radio" />
            )}
          </fieldset>
        )
      })}
      <p class="actions">
        <button class="primary" type="submit">
          Save answers
        </button>
      </p>
    </form>
  )
}
