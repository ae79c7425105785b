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
import { json, jsonError } from "./reply.ts"

interface Api {
  server: Pick<CovenantServer<ProcedureMap, ChannelMap>, "processProcedure">
  procedures: ProcedureMap
  /** The request as the contract sees it. */
  call(visit: { request: Request; server: Bun.Server<unknown> | null }): CallRequest
}

/**
 * Every procedure of the contract as plain JSON: `GET /api/{query}?field=…` and `POST /api/{procedure}` with the
 * input as its body. 200 and the data, or the failure's status and `{ error: { code, message, … } }`. Who calls is
 * told by a bearer token alone: a cookie would let foreign pages call as their visitor.
 */
export function apiRoutes({ server, procedures, call }: Api) {
  return new Elysia().all(
    "/api/:procedure",
    async ({ request, server: web, params }) => {
      const name = String(params.procedure)
      const procedure = Object.hasOwn(procedures, name) ? procedures[name] : undefined
      const methods = procedure && methodsOf(procedure)
      if (methods && !methods.includes(request.method)) {
        const message = `${name} is asked for by ${methods.join(" or ")}`
        return jsonError(request, { code: 405, message }, { allow: methods.join(", ") })
      }

      let inputs: unknown
      try {
        if (procedure) inputs = await inputsOf(procedure, request)
      } catch (error) {
        if (error instanceof Refusal) return jsonError(request, procedureErrorOf(error))
        throw error
      }

      const headers = new Headers()
      const callRequest = withoutCookie(call({ request, server: web }))
      const result = await server.processProcedure(name, inputs, callRequest, headers)
      // They would sign in the browser that a page of ours asked from, where nobody meant to.
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

/** What a request asks, before the contract has looked at it. Throws a `Refusal`: 400, 415. */
async function inputsOf({ input }: Procedure, request: Request): Promise<unknown> {
  if (request.method !== "POST") return inputFromFields(input, new URL(request.url).searchParams)

  const isEncoded = !/^(identity)?$/i.test(request.headers.get("content-encoding") ?? "")
  if (isEncoded) throw new Refusal("Send the body as it is, without Content-Encoding", 415)
  const text = await request.text()
  if (text === "") return inputFromFields(input, new URLSearchParams())

  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? ""
  if (type === "application/x-www-form-urlencoded") return inputFromFields(input, new URLSearchParams(text))
  if (/^application\/([\w.+-]+\+)?json$/.test(type)) return inputFromJson(input, text)

  throw new Refusal("Send JSON, with Content-Type: application/json", 415)
}

function withoutCookie({ headers, url }: CallRequest): CallRequest {
  headers.delete("cookie")
  return { headers, url }
}
