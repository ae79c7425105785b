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
