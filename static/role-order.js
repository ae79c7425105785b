import { findAll } from "./elements.js"

/** Orders roles by dragging one. Its new place is sent by the form that the buttons send, too. */
export class RoleOrder {
  #list
  #form
  /** The positions of the roles, from the top. */
  #positions
  /** @type {HTMLElement | undefined} */
  #dragged

  /**
   * @param {HTMLElement} list
   * @param {HTMLFormElement} form
   */
  constructor(list, form) {
    this.#list = list
    this.#form = form
    this.#positions = findAll(list, "li").map(({ dataset: { position } }) => position ?? "")
    list.addEventListener("dragstart", (event) => this.#start(event))
    list.addEventListener("dragover", (event) => this.#over(event))
    list.addEventListener("drop", (event) => event.preventDefault())
    list.addEventListener("dragend", () => this.#end())
  }

  /** @param {DragEvent} event */
  #start({ target, dataTransfer }) {
    if (!(target instanceof HTMLElement) || !dataTransfer) return

    dataTransfer.effectAllowed = "move"
    // Firefox starts no drag without data.
    dataTransfer.setData("text/plain", target.id)
    this.#dragged = target
    target.classList.add("dragged")
  }

  /** @param {DragEvent} event */
  #over(event) {
    const { target, clientY } = event
    const over = this.#dragged && target instanceof Element ? target.closest("li") : null
    // Only among roles that the viewer may move: the others stay above, and `@everyone` below.
    if (!over?.draggable) return

    event.preventDefault()
    if (!this.#dragged || over === this.#dragged) return
    const { top, height } = over.getBoundingClientRect()
    over[clientY > top + height / 2 ? "after" : "before"](this.#dragged)
  }

  #end() {
    const role = this.#dragged
    this.#dragged = undefined
    if (!role) return

    role.classList.remove("dragged")
    const position = this.#positions[findAll(this.#list, "li").indexOf(role)]
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
