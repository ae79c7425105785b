import { allIn, enableDragging, moveBeside } from "./dragging.js"

/**
 * Orders the channels and categories of a server by dragging. What is dropped is sent by the form that the buttons send,
 * so keyboards and phones lose nothing.
 */
export class ChannelOrder {
  #form

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form
    enableDragging(form, {
      over: (dragged, event) => this.#over(dragged, event),
      end: () => this.#send(),
    })
  }

  /**
   * @param {HTMLElement} dragged
   * @param {DragEvent} event
   */
  #over(dragged, event) {
    const { target } = event
    const isChannel = dragged.matches("li")
    const section = target instanceof Element ? target.closest("section") : null
    if (!(target instanceof Element && section)) return

    event.preventDefault()
    const over = isChannel ? (target.closest("li") ?? section.querySelector("ul")) : section
    if (over instanceof HTMLUListElement) {
      if (!over.contains(dragged)) over.append(dragged)
    } else if (over) {
      // Channels without a category stay above all categories.
      moveBeside(dragged, over, event, !isChannel && section.dataset.category === "")
    }
  }

  #send() {
    const order = this.#form.elements.namedItem("order")
    if (!(order instanceof HTMLInputElement)) return

    order.value = JSON.stringify(this.#order())
    this.#form.submit()
  }

  #order() {
    const sections = allIn(this.#form, "section")
    return {
      categories: sections.flatMap(({ dataset: { category } }) => (category ? [{ id: category }] : [])),
      channels: sections.flatMap((section) =>
        allIn(section, "li").map(({ dataset: { channel } }) => ({
          id: channel,
          categoryId: section.dataset.category || null,
        })),
      ),
    }
  }
}
