import type { ContentKind } from "./syntax.ts"
import { fold } from "./words.ts"

/** Terms: properties of a message besides its words, written as words so that the index finds both in the same way. */
export const terms = {
  inServer: (id: string) => `s${token(id)}`,
  inChannel: (id: string) => `c${token(id)}`,
  by: (userId: string) => `u${token(userId)}`,
  /** The name that a webhook gave itself, which may differ with each message. */
  byName: (name: string) => `n${Bun.hash(fold(name)).toString(36)}`,
  /** `id`: of a user or a role, or `everyone`. */
  mentions: (id: string) => `m${token(id)}`,
  has: (kind: ContentKind) => `has${kind}`,
  /** A stem that a word of the message has in a language. */
  stem: (language: string, stem: string) => `f${language}${stem}`,
}

/** The server makes ids, and no two differ only in case or punctuation: tokens are as unique as ids. */
function token(id: string): string {
  return id.replaceAll(/[^a-zA-Z0-9]/g, "")
}
