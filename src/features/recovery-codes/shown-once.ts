import type { Config } from "../../config.ts"
import { isCommon } from "../accounts/password-strength.ts"

// A page after a form shows a new code: the form is answered with a redirect, so the browser carries the code there.

const name = "covenant.recovery_code"
/** The only page that the cookie is sent to. */
export const shownOncePath = "/recovery-code"
const keptSeconds = 600

/** Takes a new code to the page that shows it. Scripts cannot read the cookie, and it is gone after minutes. */
export function carryCode(headers: Headers, code: string, { secureCookies }: Config): void {
  headers.append("set-cookie", cookie(code, keptSeconds, secureCookies))
}

/** The address that shows a carried code, and says so when the new password is a common one. */
export function newCodePath(next: string, password: string): string {
  const common = isCommon(password) ? "&common" : ""
  return `${shownOncePath}?next=${encodeURIComponent(next)}${common}`
}

/** Removes the code from the browser. */
export function dropCode({ secureCookies }: Config): Headers {
  return new Headers({ "set-cookie": cookie("", 0, secureCookies) })
}

/** The code that a request carries. */
export function carriedCode({ headers }: Request): string | undefined {
  const [, code] = headers.get("cookie")?.match(/(?:^|;\s*)covenant\.recovery_code=([0-9A-Z-]+)/) ?? []
  return code
}

function cookie(value: string, seconds: number, isSecure: boolean): string {
  const attributes = `Path=${shownOncePath}; Max-Age=${seconds}; HttpOnly; SameSite=Strict`
  return `${name}=${value}; ${attributes}${isSecure ? "; Secure" : ""}`
}
