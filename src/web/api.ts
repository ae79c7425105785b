import { Elysia } from "elysia"
import {
  type CallRequest,
  type ChannelMap,
  type CovenantServer,
  inputFromFields,
  inputFromJson,
  type Procedure,
  type ProcedureMap,
  procedureErrorOf,
  Refusal,
} from "../kernel/index.ts"
import { withoutCookie } from "./call.ts"
import { json, jsonError } from "./reply.ts"

interface ApiOptions {
  server: Pick<CovenantServer<ProcedureMap, ChannelMap>, "processProcedure">
  procedures: ProcedureMap
  /** Converts a request into what the contract's handlers see of it. */
  call(visit: { request: Request; server: Bun.Server<unknown> | null }): CallRequest
}

/**
 * Routes for every procedure of the contract as plain JSON: `GET /api/{query}?field=…` and `POST /api/{procedure}`
 * with the input as its body. Answers 200 with the data, or the failure's status with `{ error: { code, message, … } }`.
 * Only a bearer token authenticates: with cookies, pages of other sites could call on behalf of their visitors.
 */
export function apiRoutes({ server, procedures, call }: ApiOptions) {
  return new Elysia().all(
    "/api/:procedure",
    async ({ request, server: web, params }) => {
      const name = String(params.procedure)
      const procedure = Object.hasOwn(procedures, name) ? procedures[name] : undefined
      const methods = procedure && methodsOf(procedure)
      if (methods && !methods.includes(request.method)) {
        const message = `${name} is called by ${methods.join(" or ")}`
        return jsonError(request, { code: 405, message }, { allow: methods.join(", ") })
      }

      let inputs: unknown
      try {
        if (procedure) inputs = await readInputs(procedure, request)
      } catch (error) {
        if (error instanceof Refusal) return jsonError(request, procedureErrorOf(error))
        throw error
      }

      const headers = new Headers()
      const callRequest = withoutCookie(call({ request, server: web }))
      const result = await server.processProcedure(name, inputs, callRequest, headers)
      // `login` called from a page's script must not sign in the browser as well.
      headers.delete("set-cookie")
      return result.success
        ? json(request, result.data, { headers })
        : jsonError(request, result.error, headers)
    },
    { parse: "none" },
  )
}

function methodsOf({ type }: Procedure): string[] {
  return type === "query" ? ["GET", "HEAD", "POST"] : ["POST"]
}

/** The input as the request has it, not yet validated. Throws a `Refusal`: 400 (not JSON), 415 (another format). */
async function readInputs({ input }: Procedure, request: Request): Promise<unknown> {
  if (request.method !== "POST") return inputFromFields(input, new URL(request.url).searchParams)

  const isEncoded = !/^(identity)?$/i.test(request.headers.get("content-encoding") ?? "")
  if (isEncoded) throw new Refusal("Send the body without Content-Encoding", 415)
  // It fails when the client goes away, which is nobody's error here.
  const text = await request.text().catch(() => {
    throw new Refusal("The body did not arrive whole", 400)
  })
  if (text === "") return inputFromFields(input, new URLSearchParams())

  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? ""
  if (type === "application/x-www-form-urlencoded") return inputFromFields(input, new URLSearchParams(text))
  if (/^application\/([\w.+-]+\+)?json$/.test(type)) return inputFromJson(input, text)

  throw new Refusal("Send JSON, with Content-Type: application/json", 415)
}
