import type { Message } from "./contract.ts"
import type { MessageExtras } from "./extras.ts"

/** A person whom a feature names in the extras; `name`: what others call them, where that is not the username. */
interface NamedPerson {
  userId?: string
  name?: string
}

/**
 * Moves the names of people out of the extras of a message. They are not stored, because they change: the reader of the
 * message later reads them anew, and those who read it live get them beside it.
 */
export function takeNames(
  extras: MessageExtras | null,
  known: Message["names"] = null,
): Pick<Message, "extras" | "names"> {
  if (!extras) return { extras, names: known }

  const { mentions, replyTo } = extras
  const people: NamedPerson[] = [...(mentions ?? []), ...(replyTo ? [replyTo] : [])]
  const named = people.flatMap(({ userId, name }) => (userId && name ? [[userId, name] as const] : []))
  if (named.length === 0) return { extras, names: known }

  const plain = {
    ...extras,
    ...(mentions && { mentions: mentions.map(withoutName) }),
    ...(replyTo && { replyTo: withoutName(replyTo) }),
  }
  return { extras: plain, names: { ...known, ...Object.fromEntries(named) } }
}

function withoutName<T extends NamedPerson>({ name: _name, ...person }: T): Omit<T, "name"> {
  return person
}
