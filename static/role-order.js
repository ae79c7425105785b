import { allIn, enableDragging, moveBeside } from "./dragging.js"

/** Orders roles by dragging one. Its new place is sent by the form that the buttons send, too. */
export class RoleOrder {
  #list
  #form
  /** The positions of the roles, from the top. */
  #positions

  /**
   * @param {HTMLElement} list
   * @param {HTMLFormElement} form
   */
  constructor(list, form) {
    this.#list = list
    this.#form = form
    this.#positions = allIn(list, "li").map(({ dataset: { position } }) => position ?? "")
    enableDragging(list, {
      over: (dragged, event) => this.#over(dragged, event),
      end: (dragged) => this.#send(dragged),
    })
  }

  /**
   * @param {HTMLElement} dragged
   * @param {DragEvent} event
   */
  #over(dragged, event) {
    const over = event.target instanceof Element ? event.target.closest("li") : null
    // Only among roles that the viewer may move: the others stay above, and `@everyone` below.
    if (!over?.draggable) return

    event.preventDefault()
    moveBeside(dragged, over, event)
  }

  /** @param {HTMLElement} role */
  #send(role) {
    const position = this.#positions[allIn(this.#list, "li").indexOf(role)]
    if (position === undefined || position === role.dataset.position) return

    const { roleId, position: field } = this.#fields()
    roleId.value = role.dataset.role ?? ""
    field.value = position
    this.#form.submit()
  }

  #fields() {
    const [roleId, position] = [
      this.#form.elements.namedItem("roleId"),
      this.#form.elements.namedItem("position"),
    ]
    if (!(roleId instanceof HTMLInputElement && position instanceof HTMLInputElement)) {
      throw new Error("The form of the order of roles has lost its fields")
    }
    return { roleId, position }
  }
}
