import { Refusal } from "../kernel/index.ts"

/** What was submitted, to submit it again after the confirmation. */
export interface Interrupted {
  /** The path of the form. */
  action: string
  fields: [name: string, value: string][]
}

/** By what somebody can confirm who they are. */
export interface ConfirmationWays {
  password: boolean
  code: boolean
  passkey: boolean
  /** The providers they are connected to. */
  providers: { id: string; name: string }[]
}

/** Refuses a form until its sender confirmed who they are. Error pages ask for that, and then submit it again. */
export class ConfirmationNeeded extends Refusal {
  constructor(
    message: string,
    readonly interrupted: Interrupted,
    readonly ways: ConfirmationWays,
  ) {
    super(message, 403)
  }
}

/** The fields of the interrupted form, in a form that carries them on. Its own fields begin with `identity`. */
export function interruptedFields(body: unknown): [name: string, value: string][] {
  const sent = Object.entries(body && typeof body === "object" ? body : {})
  return sent
    .filter(([name]) => !name.startsWith("identity"))
    .flatMap(([name, value]) =>
      [value].flat().flatMap((one) => (typeof one === "string" ? [[name, one] as [string, string]] : [])),
    )
}
