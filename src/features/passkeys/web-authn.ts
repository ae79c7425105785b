import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server"
import { z } from "zod"
import type { Config } from "../../config.ts"

/** Where passkeys are for: the host, which a passkey is bound to for ever, and the origins that may use them. */
interface Site {
  rpID: string
  origins: string[]
}

/** The site of a call. Without `PUBLIC_URL`, a proxy may have taken off the encryption. */
export function siteOf({ publicOrigin }: Pick<Config, "publicOrigin">, { url }: { url: string }): Site {
  const { host, hostname } = new URL(publicOrigin ?? (url || "http://localhost"))
  return { rpID: hostname, origins: publicOrigin ? [publicOrigin] : [`https://${host}`, `http://${host}`] }
}

/** Loading it takes as long as loading half of the chat; only who uses passkeys waits for it. */
export const loadWebAuthn = () => import("@simplewebauthn/server")

/** As much of an answer as the library does not check before it reads it. */
const Answer = z.looseObject({
  id: z.string(),
  rawId: z.string(),
  type: z.string(),
  response: z.looseObject({}),
})

/** An answer of a browser; `undefined` when the text is none. */
export function readAnswer(
  text: string,
): (RegistrationResponseJSON & AuthenticationResponseJSON) | undefined {
  if (!/^\s*\{/.test(text)) return undefined

  const json = z.string().transform((value, context) => {
    try {
      return JSON.parse(value) as unknown
    } catch {
      context.addIssue("no JSON")
      return z.NEVER
    }
  })
  const { data } = json.pipe(Answer).safeParse(text)
  return data as (RegistrationResponseJSON & AuthenticationResponseJSON) | undefined
}

/** The library throws an Error that says what is wrong with an answer; `undefined` stands for all of them. */
export async function unlessWrong<Result>(verify: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await verify()
  } catch {
    return undefined
  }
}
