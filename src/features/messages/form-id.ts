import { MessageId } from "./contract.ts"

/**
 * The id of the message that a form sends. Submitted twice, as by a double click where no script prevents it, it is stored once.
 * Changed meanwhile, or after going back to it, it is another message. Undefined without a form's id.
 */
export function messageIdOf(formId: string, content: unknown): string | undefined {
  if (!MessageId.safeParse(formId).success) return undefined
  return Bun.randomUUIDv5(JSON.stringify(content), formId)
}
