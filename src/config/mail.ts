import type { z } from "zod"
import type { ServerVariables } from "./variables.ts"

/** How e-mail is sent. */
export interface MailConfig {
  /** `smtp://` or `smtps://`, with a name and a password where the server wants them. */
  url: string
  /** The sender, such as `Chat <chat@example.org>`. */
  from: string
}

type Variables = Pick<z.infer<typeof ServerVariables>, "SMTP_URL" | "MAIL_FROM">

/** How the variables say that e-mail is sent; `null`: it is not. */
export function mailFrom({ SMTP_URL: url, MAIL_FROM: from }: Variables): MailConfig | null {
  return url && from ? { url, from } : null
}
