/** Works in place of the question at sign-up: a browser that can shows no question. Imports nothing, as no other script is there. */

/**
 * @param {ParentNode | null | undefined} root
 * @param {string} selector
 */
const element = (root, selector) => /** @type {HTMLElement | null} */ (root?.querySelector(selector) ?? null)
/**
 * @param {ParentNode | null | undefined} root
 * @param {string} selector
 */
const input = (root, selector) => /** @type {HTMLInputElement | null} */ (element(root, selector))

/** The form, and the challenge that it contains. */
class SignUpWork {
  #form
  #question
  #answer
  #work
  #status
  /** The form was sent before the number was found. */
  #waits = false

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement} question
   */
  constructor(form, question) {
    this.#form = form
    this.#question = question
    this.#answer = input(question, "[name=answer]")
    this.#work = input(form, "[name=work]")
    this.#status = element(form, "[data-work-status]")
    const { work: challenge = "", bits = "", worker = "" } = question.dataset
    this.#show(false)
    this.#say("Your browser is solving a short computation that blocks automated sign-ups.")
    this.#compute(new Worker(worker), { challenge, bits: Number(bits) })
    form.addEventListener("submit", (event) => this.#submitted(event))
  }

  /**
   * @param {Worker} worker
   * @param {{ challenge: string, bits: number }} asked
   */
  #compute(worker, asked) {
    worker.addEventListener("message", ({ data }) => {
      worker.terminate()
      if (this.#work) this.#work.value = data
      this.#say("")
      if (this.#waits) this.#form.requestSubmit()
    })
    worker.addEventListener("error", () => {
      worker.terminate()
      this.#waits = false
      this.#show(true)
      this.#say("")
    })
    worker.postMessage(asked)
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    if (this.#work?.value || !this.#question.hidden) return

    event.preventDefault()
    this.#waits = true
    this.#say("One moment: your browser is still solving it.")
  }

  /** @param {boolean} isShown */
  #show(isShown) {
    this.#question.hidden = !isShown
    if (this.#answer) this.#answer.disabled = !isShown
  }

  /** @param {string} text */
  #say(text) {
    if (this.#status) this.#status.textContent = text
  }
}

const question = element(document, "[data-work]")
const form = question?.closest("form")
// Browsers hash only where the connection is secure, and on the machine itself.
if (question && form && "Worker" in window && crypto.subtle) new SignUpWork(form, question)
