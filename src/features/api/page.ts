import type { z } from "zod"
import { curlOf } from "./curl.ts"
import { introduction } from "./introduction.ts"
import type { Operation } from "./operations.ts"
import { boundsText, type JsonSchema, Schemas, typeText } from "./schemas.ts"
import type { Topic } from "./topics.ts"

interface ApiPageSource {
  operations: Operation[]
  named: Record<string, z.ZodType>
  topics: Topic[]
  /** The server's URL, without a path. */
  origin: string
}

/** The data of the API's page: texts in the order in which they are shown. */
export function pageOf({ operations, named, topics, origin }: ApiPageSource) {
  const schemas = new Schemas(named)
  const tags = [...new Set(operations.map(({ tag }) => tag))]
  return {
    introduction,
    sections: tags.map((title) => ({
      title,
      operations: operations
        .filter(({ tag }) => tag === title)
        .map((one) => describeOperation(one, schemas, origin)),
    })),
    topics: topics.map(({ name, summary, description, params, fails = {}, fields = {}, ...topic }) => ({
      ...{ name, summary, description, params },
      connects: fieldsOf(schemas.of(topic.connects, "input"), fields),
      sends: fieldsOf(schemas.of(topic.sends, "input"), fields),
      hears: typeText(schemas.of(topic.hears, "output")),
      fails: Object.entries(fails).map(([code, when]) => ({ code, when })),
    })),
    shapes: Object.entries(schemas.components).map(([name, schema]) => ({
      name,
      fields: fieldsOf(schema, {}),
    })),
  }
}

function describeOperation(operation: Operation, schemas: Schemas, origin: string) {
  const { id, method, path, summary, description, open, query, body, fields, answers, examples } = operation
  const [, ...names] = path.split(/[{}]/)
  const inPath = names.filter((_, at) => at % 2 === 0)
  return {
    ...{ id, method, path, summary, description, open },
    limit: operation.limit,
    forPeople: operation.forPeople,
    fields: [
      ...inPath.map((name) => ({ name, type: "string", isRequired: true, about: fields[name] ?? "" })),
      ...[query, body].flatMap((schema) => (schema ? fieldsOf(schemas.of(schema, "input"), fields) : [])),
    ],
    answers: answers.map(({ status, description, schema, types }) => ({
      status,
      description,
      type: schema ? typeText(schemas.of(schema, "output")) : Object.keys(types ?? {}).join(", "),
    })),
    fails: operation.fails
      .filter(([code]) => !operation.understood.includes(code))
      .map(([code, when]) => ({ code, when })),
    understood: operation.understood,
    examples: examples.map((example) => ({
      summary: example.summary,
      curl: curlOf(example, origin),
      status: example.status,
      answer: example.begins ?? JSON.stringify(example.answer, null, 2),
    })),
  }
}

function fieldsOf({ properties = {}, required = [] }: JsonSchema, about: Record<string, string>) {
  return Object.entries(properties).map(([name, field]) => {
    const text = about[name] ?? field.description
    // An explanation of a field includes its length.
    const bounds = (!text || field.minimum !== undefined) && boundsText(field)
    const isRequired = required.includes(name)
    return { name, type: typeText(field), isRequired, about: [bounds, text].filter(Boolean).join(". ") }
  })
}
