export interface ApiField {
  name: string
  type: string
  isRequired: boolean
  about: string
}

export interface ApiOperation {
  id: string
  method: string
  path: string
  summary: string
  description?: string
  open: boolean
  forPeople: boolean
  limit?: string
  fields: ApiField[]
  answers: { status: number; description: string; type: string }[]
  fails: { code: string; when: string }[]
  /** Codes of refusals that need no explaining here. */
  understood: string[]
  examples: { summary?: string; curl: string; status: number; answer: string }[]
}

export interface ApiChannel {
  name: string
  summary: string
  description?: string
  params: readonly string[]
  connects: ApiField[]
  sends: ApiField[]
  hears: string
  fails: { code: string; when: string }[]
}

export function OperationItem({ operation, names }: { operation: ApiOperation; names: Set<string> }) {
  const {
    id,
    method,
    path,
    summary,
    description,
    open,
    forPeople,
    limit,
    fields,
    answers,
    fails,
    understood,
    examples,
  } = operation
  return (
    <article class="operation" id={id}>
      <header>
        <h3>
          <a href={`#${id}`} safe>
            {id}
          </a>
        </h3>
        <p class="address">
          <b class={`method ${method.toLowerCase()}`} safe>
            {method}
          </b>{" "}
          <code safe>{path}</code>
        </p>
      </header>
      <div class="said">
        <Prose text={`${summary}.`} />
        {description !== undefined && <Prose text={description} />}
        <p class="hint">
          <span safe>{tokenNeeded(open, forPeople)}</span>
          {limit !== undefined && <span safe>{` Counts towards the limit of ${limit}.`}</span>}
        </p>
        {fields.length > 0 && (
          <>
            <h4>Fields</h4>
            <Fields fields={fields} names={names} />
          </>
        )}
        <h4>Responses</h4>
        <dl class="codes">
          {answers.map((answer) => (
            <>
              <dt>{answer.status}</dt>
              <dd>
                {answer.type !== "" && <TypeText text={answer.type} names={names} />}{" "}
                {answers.length > 1 && <Marked text={answer.description} />}
              </dd>
            </>
          ))}
          <Fails fails={fails} />
        </dl>
        <p class="hint">
          <small>
            <span safe>{understood.join(", ")}</span> as <a href="#about-refusals">everywhere</a>
          </small>
        </p>
      </div>
      <div class="examples">
        {examples.map((example, index) => (
          <details open={index === 0}>
            <summary safe>{example.summary ?? "Example"}</summary>
            <pre class="request">
              <code safe>{example.curl}</code>
            </pre>
            <pre>
              <b class="status">{example.status}</b>
              {"\n"}
              <code safe>{example.answer}</code>
            </pre>
          </details>
        ))}
      </div>
    </article>
  )
}

function Fails({ fails }: Pick<ApiOperation, "fails">) {
  return (
    <>
      {fails.map(({ code, when }) => (
        <>
          <dt safe>{code}</dt>
          <dd>
            <Marked text={when} />
          </dd>
        </>
      ))}
    </>
  )
}

/** A channel, which typed clients connect to. */
export function ChannelItem({ topic, names }: { topic: ApiChannel; names: Set<string> }) {
  const { name, summary, description, params, connects, sends, hears, fails } = topic
  return (
    <article class="operation" id={`channel-${name}`}>
      <header>
        <h3 safe>{name}</h3>
        <p class="address">
          <code safe>{params.map((param) => `{${param}}`).join(" ")}</code>
        </p>
      </header>
      <div class="said">
        <Prose text={`${summary}.`} />
        {description !== undefined && <Prose text={description} />}
        <h4>Errors</h4>
        <dl class="codes">
          <Fails fails={fails} />
        </dl>
      </div>
      <div class="said">
        {connects.length > 0 && (
          <>
            <h4>Connect with</h4>
            <Fields fields={connects} names={names} />
          </>
        )}
        {sends.length > 0 && (
          <>
            <h4>Client sends</h4>
            <Fields fields={sends} names={names} />
          </>
        )}
        <h4>Server sends</h4>
        <p>
          <TypeText text={hears} names={names} />
        </p>
      </div>
    </article>
  )
}

function tokenNeeded(open: boolean, forPeople: boolean): string {
  if (open) return "No token required."
  return forPeople ? "Requires a user's token." : "Requires a token of a user or a bot."
}

export function Fields({ fields, names }: { fields: ApiField[]; names: Set<string> }) {
  return (
    <dl class="fields">
      {fields.map(({ name, type, isRequired, about }) => (
        <div>
          <dt>
            <code safe>{name}</code>
            {!isRequired && <span class="optional"> optional</span>}
          </dt>
          <dd>
            <TypeText text={type} names={names} />
            {about !== "" && (
              <>
                {" "}
                <Marked text={about} />
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** A type, with links to the shapes that it names. */
function TypeText({ text, names }: { text: string; names: Set<string> }) {
  return (
    <code class="type">
      {text.split(/(\b[A-Z]\w+\b)/).map((part) =>
        names.has(part) ? (
          <a href={`#shape-${part}`} safe>
            {part}
          </a>
        ) : (
          <span safe>{part}</span>
        ),
      )}
    </code>
  )
}

export function Prose({ text }: { text: string }) {
  return (
    <p>
      <Marked text={text} />
    </p>
  )
}

/** Text in which what stands between backticks is code. */
function Marked({ text }: { text: string }) {
  return (
    <>
      {text
        .split("`")
        .map((part, index) => (index % 2 ? <code safe>{part}</code> : <span safe>{part}</span>))}
    </>
  )
}
