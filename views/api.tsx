import { asset } from "../src/web/assets.ts"
import { currentLook } from "../src/web/look.ts"
import {
  type ApiChannel,
  type ApiField,
  type ApiOperation,
  ChannelItem,
  Fields,
  OperationItem,
  Prose,
} from "./api-reference.tsx"
import { Page, type PageViewer } from "./layout.tsx"

interface PageProps {
  viewer?: PageViewer
  /** As `ApiReference` renders it. */
  reference: string
}

interface ReferenceProps {
  introduction: { title: string; text: string }[]
  sections: { title: string; operations: ApiOperation[] }[]
  topics: ApiChannel[]
  shapes: { name: string; fields: ApiField[] }[]
}

/** All that programs can ask for, as one page to read and to search. */
export function ApiPage({ viewer, reference }: PageProps) {
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
        <a href="/" safe>
          {currentLook().name}
        </a>
      </header>
      <div class="api">{reference as "safe"}</div>
    </Page>
  )
}

/** The page's contents, which are the same for every viewer. */
export function ApiReference({ introduction, sections, topics, shapes }: ReferenceProps) {
  const names = new Set(shapes.map(({ name }) => name))
  return (
    <>
      <nav class="contents" aria-label="Contents">
        <Contents sections={sections} />
      </nav>
      <main id="main">
        <h1>API</h1>
        <p class="lead">
          For developers. Also available as <a href="/api/openapi.json">OpenAPI 3.1</a>.
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
        <section aria-labelledby="live-channels">
          {/* Not "Channels": those of a server have a section, too. */}
          <h2 id="live-channels">Live channels</h2>
          <p>
            Typed clients connect to these and receive messages live: by <code>connect</code> at{" "}
            <a href="#covenant">covenant</a>, then at the WebSocket <code>/socket</code>.
          </p>
          {topics.map((topic) => (
            <ChannelItem topic={topic} names={names} />
          ))}
        </section>
        <section aria-labelledby="shapes">
          <h2 id="shapes">Objects</h2>
          {shapes.map(({ name, fields }) => (
            <article class="shape" id={`shape-${name}`}>
              <h3 safe>{name}</h3>
              <Fields fields={fields} names={names} />
            </article>
          ))}
        </section>
      </main>
    </>
  )
}

function Contents({ sections }: Pick<ReferenceProps, "sections">) {
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
        <a class="section" href="#live-channels">
          Live channels
        </a>
      </li>
      <li>
        <a class="section" href="#shapes">
          Objects
        </a>
      </li>
    </ul>
  )
}

function idOf(title: string): string {
  return `section-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`
}
