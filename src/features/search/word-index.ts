import type { Db, Tx } from "../../db/database.ts"
import type { Message } from "../messages/contract.ts"
import type { Range } from "./spans.ts"

/** The terms that a message must have. */
export type Condition =
  /** These words in a row. */
  | { phrase: string[] }
  /** One of these terms. */
  | { terms: string[] }
  /** This word, or one of these terms. */
  | { word: string; terms: string[] }
  /** A word that begins like this. */
  | { prefix: string }

/** All required conditions and no excluded one. */
export interface Match {
  required: Condition[]
  excluded: Condition[]
}

/** A message whose text has these words in a row. */
export const bodyPhrase = (phrase: string[]): Condition => ({ phrase })
/** A message that has one of these terms. */
export const anyTerm = (terms: string[]): Condition => ({ terms })

/** A message that has this word, or one of these terms. */
export const wordOrTerm = (word: string, terms: string[]): Condition => ({ word, terms })
/** A message with a word that begins like this. */
export const wordPrefix = (prefix: string): Condition => ({ prefix })

/** A message as the index holds it; `body` are its words and `facts` its terms, divided by spaces. */
export interface IndexDocument {
  /** An id of `search_documents`. */
  id: number
  body: string
  facts: string
}

/** A message that was found, with what results show of its place. */
export interface FoundRow {
  id: number
  message: Message
  serverName: string
  channelName: string
  isConversation: boolean
  isThread: boolean
}

/** The newest messages in a range that match and that the viewer may read. */
export interface NewestSearch extends Range, Match {
  viewerId: string
  limit: number
}

/** An index of words and terms. Each database has its own kind. */
export interface WordIndex {
  /** Milliseconds that searching has cost this process so far; only differences mean something. */
  spentMs(): number
  /** Do more than `count` messages match? */
  hasMore(db: Db, match: Match, count: number): Promise<boolean>
  /** One of these conditions that at most `count` messages meet; `undefined` when there is none. */
  findRare(db: Db, conditions: Condition[], count: number): Promise<Condition | undefined>
  listNewest(db: Db, search: NewestSearch): Promise<FoundRow[]>
  /** The ids of up to `limit` messages that have a term. */
  listIds(db: Db, term: string, limit: number): Promise<number[]>
  insert(tx: Tx, document: IndexDocument): Promise<void>
  delete(tx: Tx, id: number): Promise<void>
  /** Tidies a part of the index, about `pages` pages of it. `false` when there was nothing to tidy. */
  merge(tx: Tx, pages: number): Promise<boolean>
}
