import { asset } from "../src/web/assets.ts"
import { Page, type PageViewer } from "./layout.tsx"

interface Shown {
  name: string
  type: string
  isRequired: boolean
  about: string
}

interface Operation {
  id: string
  method: string
  path: string
  summary: string
  description?: string
  open: boolean
  forPeople: boolean
  limit?: string
  fields: Shown[]
  answers: { status: number; description: string; type: string }[]
  fails: { code: string; when: string }[]
  /** Codes of refusals that need no explaining here. */
  understood: string[]
  examples: { summary?: string; curl: string; status: number; answer: string }[]
}

interface Topic {
  name: string
  summary: string
  description?: string
  params: readonly string[]
  connects: Shown[]
  sends: Shown[]
  hears: string
  fails: { code: string; when: string }[]
}

interface Props {
  viewer?: PageViewer
  introduction: { title: string; text: string }[]
  sections: { title: string; operations: Operation[] }[]
  topics: Topic[]
  shapes: { name: string; fields: Shown[] }[]
}

/** All that programs can ask for, as one page to read and to search. */
export function ApiPage({ viewer, introduction, sections, topics, shapes }: Props) {
  const names = new Set(shapes.map(({ name }) => name))
  return (
    <Page
      title="API"
      viewer={viewer}
      bodyClass="api-page"
      head={<link rel="stylesheet" href={asset("api.css")} />}
      script={false}
    >
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="brand">
        <a href="/">Covenant Chat</a>
      </header>
      <div class="api">
        <nav class="contents" aria-label="Contents">
          <Contents sections={sections} />
        </nav>
        <main id="main">
          <h1>API</h1>
          <p class="lead">
            For people who write programs. The same as <a href="/api/openapi.json">OpenAPI 3.1</a>, for tools.
          </p>
          {introduction.map(({ title, text }) => (
            <section class="about" id={`about-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`}>
              <h2 safe>{title}</h2>
              <Prose text={text} />
            </section>
          ))}
          {sections.map(({ title, operations }) => (
            <section aria-labelledby={idOf(title)}>
              <h2 id={idOf(title)} safe>
                {title}
              </h2>
              {operations.map((operation) => (
                <OperationItem operation={operation} names={names} />
              ))}
            </section>
          ))}
          <section aria-labelledby="channels">
            <h2 id="channels">Channels to connect to</h2>
            <p>
              What typed clients connect to over the wire and hear live: by <code>connect</code> at{" "}
              <a href="#covenant">covenant</a>, then at the WebSocket <code>/socket</code>.
            </p>
            {topics.map((topic) => (
              <TopicItem topic={topic} names={names} />
            ))}
          </section>
          <section aria-labelledby="shapes">
            <h2 id="shapes">What answers are made of</h2>
            {shapes.map(({ name, fields }) => (
              <article class="shape" id={`shape-${name}`}>
                <h3 safe>{name}</h3>
                <Fields fields={fields} names={names} />
              </article>
            ))}
          </section>
        </main>
      </div>
    </Page>
  )
}

function Contents({ sections }: Pick<Props, "sections">) {
  return (
    <ul>
      {sections.map(({ title, operations }) => (
        <li>
          <a class="section" href={`#${idOf(title)}`} safe>
            {title}
          </a>
          <ul>
            {operations.map(({ id }) => (
              <li>
                <a href={`#${id}`} safe>
                  {id}
                </a>
              </li>
            ))}
          </ul>
        </li>
      ))}
      <li>
        <a class="section" href="#channels">
          Channels to connect to
        </a>
      </li>
      <li>
        <a class="section" href="#shapes">
          What answers are made of
        </a>
      </li>
    </ul>
  )
}

function OperationItem({ operation, names }: { operation: Operation; names: Set<string> }) {
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
        <h4>Answers</h4>
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

function Fails({ fails }: Pick<Operation, "fails">) {
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
function TopicItem({ topic, names }: { topic: Topic; names: Set<string> }) {
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
        <h4>One is refused with</h4>
        <dl class="codes">
          <Fails fails={fails} />
        </dl>
      </div>
      <div class="said">
        {connects.length > 0 && (
          <>
            <h4>One connects with</h4>
            <Fields fields={connects} names={names} />
          </>
        )}
        {sends.length > 0 && (
          <>
            <h4>One sends</h4>
            <Fields fields={sends} names={names} />
          </>
        )}
        <h4>One hears</h4>
        <p>
          <TypeText text={hears} names={names} />
        </p>
      </div>
    </article>
  )
}

function tokenNeeded(open: boolean, forPeople: boolean): string {
  if (open) return "Needs no token."
  return forPeople ? "Needs a person's token." : "Needs a token: a person's or a bot's."
}

function Fields({ fields, names }: { fields: Shown[]; names: Set<string> }) {
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

function Prose({ text }: { text: string }) {
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

function idOf(title: string): string {
  return `section-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`
}
