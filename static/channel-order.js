import { find, findAll } from "./elements.js"

/**
 * Orders the channels and categories of a server by dragging. What is dropped is sent by the form that the buttons send,
 * so keyboards and phones lose nothing.
 */
export class ChannelOrder {
  #form
  /** @type {HTMLElement | undefined} */
  #dragged

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form
    form.addEventListener("dragstart", (event) => this.#start(event))
    form.addEventListener("dragover", (event) => this.#over(event))
    form.addEventListener("drop", (event) => event.preventDefault())
    form.addEventListener("dragend", () => this.#end())
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
    if (!this.#dragged || !(target instanceof Element)) return

    const isChannel = this.#dragged.matches("li")
    const section = target.closest("section")
    if (!section) return

    event.preventDefault()
    const over = isChannel ? (target.closest("li") ?? find(section, "ul")) : section
    if (!over || over === this.#dragged) return
    if (over instanceof HTMLUListElement) {
      if (!over.contains(this.#dragged)) over.append(this.#dragged)
      return
    }
    const { top, height } = over.getBoundingClientRect()
    // Channels without a category stay above all categories.
    const isAfter = clientY > top + height / 2 || (!isChannel && section.dataset.category === "")
    over[isAfter ? "after" : "before"](this.#dragged)
  }

  #end() {
    this.#dragged?.classList.remove("dragged")
    this.#dragged = undefined
    const order = this.#form.elements.namedItem("order")
    if (!(order instanceof HTMLInputElement)) return

    order.value = JSON.stringify(this.#order())
    this.#form.submit()
  }

  #order() {
    const sections = findAll(this.#form, "section")
    return {
      categories: sections.flatMap(({ dataset: { category } }) => (category ? [{ id: category }] : [])),
      channels: sections.flatMap((section) =>
        findAll(section, "li").map(({ dataset: { channel } }) => ({
          id: channel,
          categoryId: section.dataset.category || null,
        })),
      ),
    }
  }
}
